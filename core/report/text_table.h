#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::report {

/// Columns a text takes on a terminal: wide East Asian characters and emoji two, combining marks
/// none.
[[nodiscard]] std::size_t displayWidth(std::string_view text);

/// A table for a terminal: aligned columns, two blanks between them, a header line. Cells go
/// through visibleText(), so event text cannot move the cursor or change colours. Cells wider than
/// the column's limit end in `…`.
class TextTable {
public:
    struct ColumnHead {
        std::string title;
        bool rightAligned = false;
        /// Columns at most; 0 is no limit. The last column of a table is never cut.
        std::size_t maxWidth = 0;
    };

    explicit TextTable(std::vector<ColumnHead> columns);

    /// As many cells as there are columns.
    void addRow(std::vector<std::string> cells);
    [[nodiscard]] std::size_t rowCount() const { return m_rows.size(); }
    /// Header and rows, each ended by a line feed; no blanks at line ends.
    [[nodiscard]] std::string toString() const;

private:
    std::vector<ColumnHead> m_columns;
    std::vector<std::vector<std::string>> m_rows;
};

} // namespace sequela::report
