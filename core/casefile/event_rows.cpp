#include "core/casefile/event_rows.h"

#include "core/casefile/event_columns.h"
#include "core/casefile/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace sequela::casefile {

namespace {

constexpr int firstFieldParameter = 6;

/// Texts of one column by code, joined only for lists and only once each.
class RowTexts {
public:
    explicit RowTexts(const schema::Column& column) : m_column(&column)
    {
        m_lists.reserve(column.listCount());
        for (std::uint32_t list = 0; list < column.listCount(); ++list) {
            m_lists.push_back(join(list));
        }
    }
    [[nodiscard]] std::string_view of(std::uint32_t code) const
    {
        return code <= m_column->valueCount() ? m_column->text(code - 1)
                                              : m_lists[code - 1 - m_column->valueCount()];
    }
    void bind(Statement& statement, int parameter, std::uint32_t row) const
    {
        const std::uint32_t code = m_column->code(row);
        if (code == 0) {
            statement.bindNull(parameter);
        } else {
            statement.bind(parameter, of(code));
        }
    }
    [[nodiscard]] bool isConstant() const { return m_column->codeWidth() == 0; }
    [[nodiscard]] const schema::Column& column() const { return *m_column; }

private:
    [[nodiscard]] std::string join(std::uint32_t list) const
    {
        std::string text;
        const auto values = m_column->list(list);
        for (std::size_t index = 0; index < values.size(); ++index) {
            // The column keeps them all; a row is for reading, and says what it leaves out.
            if (text.size() > limits::joinedTextBytes) {
                text += fmt::format("{}… ({} more values)", valueSeparator, values.size() - index);
                break;
            }
            text += index == 0 ? std::string_view() : valueSeparator;
            text += m_column->text(values[index]);
        }
        return text;
    }

    const schema::Column* m_column;
    std::vector<std::string> m_lists;
};

std::string insertSql()
{
    std::string sql = "INSERT INTO event(event_no, \"@timestamp\", source_no, record_no, line";
    for (const std::string_view name : eventColumns) {
        sql += fmt::format(", \"{}\"", name);
    }
    sql += ") VALUES(?, ?, ?, ?, ?";
    for (std::size_t column = 0; column < eventColumns.size(); ++column) {
        sql += ", ?";
    }
    return sql + ")";
}

std::array<std::string, eventColumns.size()> updateSql()
{
    std::array<std::string, eventColumns.size()> statements;
    for (std::size_t column = 0; column < eventColumns.size(); ++column) {
        statements[column] =
            fmt::format("UPDATE event SET \"{}\" = ?2 WHERE event_no = ?1", eventColumns[column]);
    }
    return statements;
}

} // namespace

Result<void> insertEventRows(Connection& connection, std::uint32_t firstEvent, SourceNumber source,
                             const PackedSegment& segment)
{
    static const std::string sql = insertSql();
    auto insert = connection.prepare(sql.c_str());
    if (!insert) {
        return std::unexpected(std::move(insert).error());
    }
    insert->bind(3, source.value());
    // Parameters keep their value from row to row, so what is the same in all rows is bound once.
    std::vector<std::pair<int, RowTexts>> varying;
    std::vector<RowTexts> constant;
    constant.reserve(segment.rowColumns.size());
    for (std::size_t index = 0; index < segment.rowColumns.size(); ++index) {
        if (!segment.rowColumns[index]) {
            continue;
        }
        const int parameter = firstFieldParameter + static_cast<int>(index);
        RowTexts texts(*segment.rowColumns[index]);
        if (texts.isConstant()) {
            constant.push_back(std::move(texts));
            constant.back().bind(*insert, parameter, 0);
        } else {
            varying.emplace_back(parameter, std::move(texts));
        }
    }
    for (std::uint32_t row = 0; row < segment.eventCount; ++row) {
        insert->bind(1, firstEvent + row)
            .bindTime(2, segment.times[row])
            .bind(4, segment.records[row])
            .bind(5, segment.lines[row]);
        for (const auto& [parameter, texts] : varying) {
            texts.bind(*insert, parameter, row);
        }
        SEQUELA_TRY(insert->run());
    }
    return {};
}

Result<void> updateEventRows(Connection& connection, std::uint32_t firstEvent,
                             std::string_view field, const schema::Column* before,
                             const schema::Column& after)
{
    const auto* const found = std::ranges::find(eventColumns, field);
    if (found == eventColumns.end()) {
        return {};
    }
    static const std::array<std::string, eventColumns.size()> statements = updateSql();
    auto update = connection.prepare(
        statements[static_cast<std::size_t>(found - eventColumns.begin())].c_str());
    if (!update) {
        return std::unexpected(std::move(update).error());
    }
    const RowTexts texts(after);
    for (std::uint32_t row = 0; row < after.eventCount(); ++row) {
        const std::uint32_t code = after.code(row);
        const std::uint32_t codeBefore = before == nullptr ? 0 : before->code(row);
        const bool sameValue = before != nullptr && code != 0 && code <= after.valueCount()
                               && codeBefore != 0 && codeBefore <= before->valueCount()
                               && after.text(code - 1) == before->text(codeBefore - 1);
        if (sameValue || (code == 0 && codeBefore == 0)) {
            continue;
        }
        update->bind(1, firstEvent + row);
        texts.bind(*update, 2, row);
        SEQUELA_TRY(update->run());
    }
    return {};
}

} // namespace sequela::casefile
