#include "core/base/timestamp.h"
#include "core/eql/parser.h"
#include "core/rules/lint.h"

namespace sequela::rules {

std::vector<Diagnostic> lintRule(const Rule& rule)
{
    const eql::ParsedQuery parsed = eql::parseQuery(rule.query.text, rule.dialect);
    std::optional<std::int64_t> maxspanNs;
    if (parsed.query.maxspan && parsed.query.maxspan->milliseconds) {
        std::int64_t ns = 0;
        if (!__builtin_mul_overflow(*parsed.query.maxspan->milliseconds, nanosecondsPerMillisecond,
                                    &ns)) {
            maxspanNs = ns;
        }
    }
    return lintRule(rule, maxspanNs);
}

} // namespace sequela::rules
