#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sequela::mapping {

/// An element of a Windows event as XML.
struct XmlElement {
    std::string name;
    std::vector<std::pair<std::string, std::string>> attributes;
    std::vector<XmlElement> children;
    /// All text directly inside, blanks at its ends kept only where there are no children.
    std::string text;
};

/// Depth and number of elements an event may have.
inline constexpr std::size_t xmlDepth = 32;
inline constexpr std::size_t xmlElements = 20'000;

/// Where and why a text is no XML element.
struct XmlFault {
    std::size_t offset = 0;
    std::string reason;
};

/// Reads one element from the start of @p text, with the five named and all numeric entities, CDATA
/// and comments; no document types, so nothing expands. Nothing, and why in @p fault, when it is
/// broken or past a bound.
[[nodiscard]] std::optional<XmlElement> parseEventXml(std::string_view text,
                                                      XmlFault* fault = nullptr);

/// The element as a JSON document of one line, shaped as `evtx_dump` writes events: attributes
/// under `#attributes`, text beside attributes under `#text`, `<Data Name="X">` as member X,
/// several of one name as a list.
[[nodiscard]] std::string xmlToJson(const XmlElement& element);

/// The values of that document under their dotted names.
void flattenXml(const XmlElement& element,
                const std::function<void(std::string_view field, std::string_view text)>& value);

} // namespace sequela::mapping
