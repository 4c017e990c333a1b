#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// Names of MITRE ATT&CK (version in resources/attack/README.md), compiled in.
namespace sequela::rules::attack {

enum class Status : std::uint8_t { Active, Deprecated, Revoked };

struct Tactic {
    /// TA0002
    std::string_view id;
    /// `execution`, as Navigator layers write it.
    std::string_view shortName;
    std::string_view name;
};

struct Technique {
    /// T1059 or T1059.002
    std::string_view id;
    std::string_view name;
    /// Short names of its tactics, separated by commas; empty for some that were revoked.
    std::string_view tactics;
    bool isSubtechnique = false;
    Status status = Status::Active;
};

/// In order of id.
[[nodiscard]] std::span<const Tactic> tactics();
[[nodiscard]] std::span<const Technique> techniques();
/// Null if there is no such id. Ids are compared exactly.
[[nodiscard]] const Tactic* findTactic(std::string_view id);
[[nodiscard]] const Technique* findTechnique(std::string_view id);
/// T1059 for T1059.002; the id itself for a technique.
[[nodiscard]] std::string_view parentId(std::string_view techniqueId);
[[nodiscard]] bool belongsTo(const Technique& technique, const Tactic& tactic);

} // namespace sequela::rules::attack
