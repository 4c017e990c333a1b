#include "tests/support/golden.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace sequela::test {

namespace {

QString pathOf(const std::string& file)
{
    return QStringLiteral(SEQUELA_SOURCE_DIR "/tests/golden/") + QString::fromStdString(file);
}

void dropLastLineEnd(std::string& text)
{
    if (text.ends_with('\n')) {
        text.pop_back();
    }
}

/// The first line in which two texts differ, 1-based.
std::size_t firstDifference(std::string_view left, std::string_view right)
{
    const auto [inLeft, inRight] = std::ranges::mismatch(left, right);
    return 1 + static_cast<std::size_t>(std::count(left.begin(), inLeft, '\n'));
}

} // namespace

GoldenFiles::GoldenFiles(std::string folder)
    : m_folder(std::move(folder)),
      m_update(qEnvironmentVariableIntValue("SEQUELA_UPDATE_GOLDEN") == 1)
{
    const QDir directory(pathOf(m_folder));
    const QStringList names =
        directory.entryList({QStringLiteral("*.txt")}, QDir::Files, QDir::Name);
    for (const QString& name : names) {
        m_files.push_back(m_folder + '/' + name.toStdString());
        read(m_files.back());
    }
}

void GoldenFiles::read(const std::string& file)
{
    QFile source(pathOf(file));
    if (!source.open(QIODevice::ReadOnly)) {
        return;
    }
    const std::string text = source.readAll().toStdString();
    enum class Part { Before, Input, Expected };
    Part part = Part::Before;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t lineEnd = std::min(text.find('\n', begin), text.size());
        const std::string_view line = std::string_view(text).substr(begin, lineEnd - begin);
        begin = lineEnd + 1;
        if (line.starts_with("=== ")) {
            m_cases.push_back({file, std::string(line.substr(4)), {}, {}});
            part = Part::Input;
        } else if (part == Part::Input && line == "---") {
            part = Part::Expected;
        } else if (part != Part::Before) {
            std::string& target =
                part == Part::Input ? m_cases.back().input : m_cases.back().expected;
            target.append(line).push_back('\n');
        }
    }
    for (GoldenCase& golden : m_cases) {
        if (golden.file == file) {
            dropLastLineEnd(golden.input);
            dropLastLineEnd(golden.expected);
        }
    }
}

QString GoldenFiles::check(std::size_t index, std::string_view actual)
{
    GoldenCase& golden = m_cases.at(index);
    if (actual.ends_with('\n')) {
        actual.remove_suffix(1);
    }
    if (m_update) {
        golden.expected = actual;
        return {};
    }
    if (golden.expected == actual) {
        return {};
    }
    return QStringLiteral("%1, case \"%2\" differs from line %3 of the output on\nexpected:\n%4\n"
                          "actual:\n%5\n(SEQUELA_UPDATE_GOLDEN=1 rewrites the file)")
        .arg(QString::fromStdString(golden.file), QString::fromStdString(golden.name))
        .arg(firstDifference(golden.expected, actual))
        .arg(QString::fromStdString(golden.expected),
             QString::fromUtf8(actual.data(), static_cast<qsizetype>(actual.size())));
}

bool GoldenFiles::save() const
{
    if (!m_update) {
        return true;
    }
    return std::ranges::all_of(m_files, [this](const std::string& file) {
        std::string text;
        for (const GoldenCase& golden : m_cases) {
            if (golden.file == file) {
                text +=
                    "=== " + golden.name + '\n' + golden.input + "\n---\n" + golden.expected + '\n';
            }
        }
        QFile target(pathOf(file));
        const auto size = static_cast<qsizetype>(text.size());
        return target.open(QIODevice::WriteOnly) && target.write(text.data(), size) == size;
    });
}

} // namespace sequela::test
