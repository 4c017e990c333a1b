#include "core/detect/alert.h"

#include "core/base/sha256.h"
#include "core/detect/detection.h"
#include "core/eql/parser.h"
#include "core/eql/printer.h"

#include <algorithm>
#include <array>

namespace sequela::detect {

namespace {

constexpr std::array<std::string_view, 3> statusNames{"open", "acknowledged", "closed"};
constexpr std::array<std::string_view, 4> reasonNames{"", "true_positive", "false_positive",
                                                      "benign_positive"};

template <typename Enum, std::size_t Count>
std::optional<Enum> valueNamed(const std::array<std::string_view, Count>& names,
                               std::string_view name)
{
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) {
        return std::nullopt;
    }
    return static_cast<Enum>(found - names.begin());
}

bool hasErrors(const std::vector<Diagnostic>& diagnostics)
{
    return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Severity::Error;
    });
}

} // namespace

std::string_view verdictStatusName(VerdictStatus status)
{
    return statusNames[static_cast<std::size_t>(status)];
}

std::string_view verdictReasonName(VerdictReason reason)
{
    return reasonNames[static_cast<std::size_t>(reason)];
}

std::optional<VerdictStatus> verdictStatusFromName(std::string_view name)
{
    return valueNamed<VerdictStatus>(statusNames, name);
}

std::optional<VerdictReason> verdictReasonFromName(std::string_view name)
{
    return valueNamed<VerdictReason>(reasonNames, name);
}

std::string alertId(std::string_view ruleId, std::string_view queryHash,
                    const std::vector<AlertStage>& stages)
{
    constexpr std::size_t idBytes = 16;
    Sha256 hash;
    hash.updateWithLength(ruleId);
    hash.updateWithLength(queryHash);
    for (const AlertStage& stage : stages) {
        hash.updateWithLength(stage.identity);
    }
    return toHex(hash.digest(), idBytes);
}

std::string alertEventsHash(const std::vector<AlertStage>& stages)
{
    Sha256 hash;
    for (const AlertStage& stage : stages) {
        hash.updateWithLength(stage.identity);
    }
    return toHex(hash.digest());
}

std::string queryHash(std::string_view query, eql::Dialect dialect)
{
    const eql::ParsedQuery parsed = eql::parseQuery(query, dialect);
    return toHex(
        sha256(hasErrors(parsed.diagnostics) ? std::string(query) : eql::printQuery(parsed.query)));
}

} // namespace sequela::detect
