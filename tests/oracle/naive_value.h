#pragma once

#include "core/base/ip_address.h"
#include "core/base/timestamp.h"
#include "tests/oracle/naive_event.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sequela::oracle {

/// Types of eql.md 3.1.
enum class Type { Keyword, Long, Double, Boolean, Date, Ip, Version };

struct VersionText {
    std::string text;
    bool operator==(const VersionText&) const = default;
};

/// A scalar, or null (monostate).
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, Timestamp,
                           IpAddress, VersionText>;

[[nodiscard]] inline bool isNull(const Value& value)
{
    return std::holds_alternative<std::monostate>(value);
}

/// Field name → type: a --schema file's lines, then what the data shows (rules.md, Command line).
class NaiveCatalog {
public:
    /// @p schema: lines of field TAB type [TAB target].
    NaiveCatalog(std::string_view schema, const NaiveData& data);

    /// The column a name stands for.
    [[nodiscard]] std::string resolve(const std::string& name) const;
    /// Whether the name is listed or seen.
    [[nodiscard]] bool isMapped(const std::string& name) const;
    [[nodiscard]] Type type(const std::string& name) const;

private:
    std::map<std::string, Type> m_types;
    std::map<std::string, std::string> m_aliases;
};

/// A document's value as a field of @p type has it; null where it is no value of the type.
[[nodiscard]] Value decode(Type type, const JsonScalar& scalar);
/// All values of a field in an event, nulls left out.
[[nodiscard]] std::vector<Value> valuesOf(const NaiveCatalog& catalog, const NaiveEvent& event,
                                          const std::string& name);

/// `==` of eql.md section 4 between two non-null values; a string beside a date, an address or a
/// version is read as one.
[[nodiscard]] bool equal(const Value& left, const Value& right);
/// <0, 0, >0; nothing where the two do not compare.
[[nodiscard]] std::optional<int> order(const Value& left, const Value& right);
/// Ascending order of join keys: null first.
[[nodiscard]] bool keyLess(const Value& left, const Value& right);

/// Whether an address lies in `address[/bits]`; nothing if the block is none.
[[nodiscard]] std::optional<bool> inBlock(const IpAddress& address, std::string_view block);
/// The text form that `string()` gives.
[[nodiscard]] std::string textOf(const Value& value);
/// JSON as `sequela-cli eval` prints it; dates, addresses and versions as strings.
[[nodiscard]] std::string jsonOf(const Value& value);

} // namespace sequela::oracle
