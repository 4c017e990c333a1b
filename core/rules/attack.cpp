#include "core/rules/attack.h"

#include "core/rules/attack_table.h"

#include <algorithm>

namespace sequela::rules::attack {

namespace {

template <typename Row>
const Row* findById(std::span<const Row> rows, std::string_view id)
{
    const auto row = std::ranges::lower_bound(rows, id, {}, &Row::id);
    return row != rows.end() && row->id == id ? &*row : nullptr;
}

} // namespace

std::span<const Tactic> tactics()
{
    return tacticTable();
}

std::span<const Technique> techniques()
{
    return techniqueTable();
}

const Tactic* findTactic(std::string_view id)
{
    return findById(tactics(), id);
}

const Technique* findTechnique(std::string_view id)
{
    return findById(techniques(), id);
}

std::string_view parentId(std::string_view techniqueId)
{
    return techniqueId.substr(0, techniqueId.find('.'));
}

bool belongsTo(const Technique& technique, const Tactic& tactic)
{
    std::string_view rest = technique.tactics;
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        if (rest.substr(0, comma) == tactic.shortName) {
            return true;
        }
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return false;
}

} // namespace sequela::rules::attack
