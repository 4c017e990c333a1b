#pragma once

#include <QString>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::test {

/// One case of a golden file.
struct GoldenCase {
    /// Path of the file, relative to tests/golden.
    std::string file;
    std::string name;
    std::string input;
    std::string expected;
};

/// The golden files of one folder of tests/golden: every `*.txt` in it, in order of name. A file is
/// a row of cases
///
///     === name of the case
///     input, any number of lines
///     ---
///     expected output, any number of lines
///
/// so neither an input line `---` nor a line that starts with `=== ` can be part of a case. Input
/// and output lose their last line end. With SEQUELA_UPDATE_GOLDEN=1 in the environment
/// `check` accepts everything and `save` writes what the program really said.
class GoldenFiles {
public:
    /// @p folder as in `parser`, below tests/golden.
    explicit GoldenFiles(std::string folder);

    [[nodiscard]] const std::vector<GoldenCase>& cases() const { return m_cases; }
    /// What is wrong with @p actual as the output of case @p index; empty if nothing is.
    [[nodiscard]] QString check(std::size_t index, std::string_view actual);
    /// Rewrites the files in update mode, does nothing otherwise. False if a file was not written.
    [[nodiscard]] bool save() const;

private:
    void read(const std::string& file);

    std::string m_folder;
    bool m_update = false;
    std::vector<std::string> m_files;
    std::vector<GoldenCase> m_cases;
};

} // namespace sequela::test
