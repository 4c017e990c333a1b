#pragma once

#include "core/base/diagnostic.h"
#include "core/schema/column_source.h"

#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace sequela::views {

/// One field of one segment, read by row; a field that is not there has no values.
class SegmentField {
public:
    SegmentField() = default;
    explicit SegmentField(std::shared_ptr<const schema::Column> column)
        : m_column(std::move(column))
    {
    }

    [[nodiscard]] static Result<SegmentField> load(const schema::ColumnSource& source,
                                                   SegmentNumber segment, std::string_view name)
    {
        const auto field = source.field(name);
        if (!field) {
            return SegmentField();
        }
        auto column = source.column(segment, *field);
        if (!column) {
            return std::unexpected(std::move(column).error());
        }
        return SegmentField(std::move(*column));
    }

    [[nodiscard]] bool present() const { return m_column != nullptr; }
    /// 0 where the event has no value; equal codes mean equal values.
    [[nodiscard]] std::uint32_t code(std::uint32_t row) const
    {
        return m_column ? m_column->code(row) : 0;
    }
    [[nodiscard]] std::uint32_t codeCount() const { return m_column ? m_column->codeCount() : 1; }
    /// First value behind a code, empty for none.
    [[nodiscard]] std::string_view firstOfCode(std::uint32_t code) const
    {
        if (code == 0) {
            return {};
        }
        if (code <= m_column->valueCount()) {
            return m_column->text(code - 1);
        }
        return m_column->text(m_column->list(code - 1 - m_column->valueCount()).front());
    }
    [[nodiscard]] std::string_view first(std::uint32_t row) const { return firstOfCode(code(row)); }
    /// Whether any value behind a code is @p text.
    [[nodiscard]] bool codeHas(std::uint32_t code, std::string_view text) const
    {
        std::uint32_t scratch = 0;
        if (code == 0) {
            return false;
        }
        for (const std::uint32_t value : m_column->valuesOfCode(code, scratch)) {
            if (m_column->text(value) == text) {
                return true;
            }
        }
        return false;
    }
    /// First value as a whole number.
    [[nodiscard]] std::optional<std::int64_t> number(std::uint32_t row) const
    {
        const std::string_view text = first(row);
        std::int64_t value = 0;
        const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (text.empty() || error != std::errc() || stop != text.data() + text.size()) {
            return std::nullopt;
        }
        return value;
    }

private:
    std::shared_ptr<const schema::Column> m_column;
};

} // namespace sequela::views
