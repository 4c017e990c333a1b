#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace sequela {

/// An integer that names one kind of thing and cannot be mistaken for another kind.
/// Construction from an integer is explicit; ids compare and hash, they do no arithmetic.
template <typename Tag, typename Representation = std::uint32_t>
class StrongId {
public:
    using ValueType = Representation;

    constexpr StrongId() = default;
    constexpr explicit StrongId(Representation value) : m_value(value) {}

    [[nodiscard]] constexpr Representation value() const { return m_value; }
    /// The id as an index into a vector that is laid out by it.
    [[nodiscard]] constexpr std::size_t index() const { return static_cast<std::size_t>(m_value); }

    constexpr auto operator<=>(const StrongId&) const = default;

private:
    Representation m_value = 0;
};

/// Position of an event in its case, 0-based, in order of arrival (import order).
using EventNumber = StrongId<struct EventNumberTag>;
/// Position of a segment (a run of a few thousand consecutive events) in its case, 0-based.
using SegmentNumber = StrongId<struct SegmentNumberTag>;
/// A field of a case: an index into the case's list of fields.
using FieldId = StrongId<struct FieldIdTag>;
/// An imported file or archive member of a case, 0-based.
using SourceNumber = StrongId<struct SourceNumberTag>;

} // namespace sequela

template <typename Tag, typename Representation>
struct std::hash<sequela::StrongId<Tag, Representation>> {
    std::size_t operator()(sequela::StrongId<Tag, Representation> id) const noexcept
    {
        return std::hash<Representation>{}(id.value());
    }
};
