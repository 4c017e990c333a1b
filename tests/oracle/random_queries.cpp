#include "tests/oracle/random_queries.h"

#include "tests/oracle/random_expressions.h"

#include <fmt/format.h>

namespace sequela::oracle {

namespace {

std::string filter(RandomSource& random, std::size_t depth)
{
    const std::string category =
        random.pick({"any", "any", "a", "b", "c", "\"a\"", "\"\"\"A\"\"\"", "c"});
    return category + " where " + RandomExpressions(random, true).condition(depth);
}

/// Mostly about the category, so that sequences get somewhere.
std::string stage(RandomSource& random)
{
    if (random.oneIn(3)) {
        return '[' + filter(random, random.below(3)) + ']';
    }
    return random.pick({"[a where true]", "[b where true]", "[c where true]", "[any where true]",
                        "[c where process.pid == 1]", "[any where process.pid != 2]",
                        "[any where user.id : \"x\"]", "[a where process.exit_code > 0]"});
}

std::string keys(RandomSource& random, std::size_t count)
{
    std::string list;
    for (std::size_t i = 0; i < count; ++i) {
        list += (i == 0 ? " by " : ", ") + std::string(random.oneIn(3) ? "?" : "")
                + (i % 2 == 0 ? random.pick({"host.id", "user.id", "host.id", "process.name"})
                              : random.pick({"process.pid", "process.exit_code", "process.pid"}));
    }
    return list;
}

std::string sameKey(RandomSource& random, std::string_view type)
{
    const std::string mark = random.oneIn(4) ? "?" : "";
    if (type == "ip") {
        return mark + random.pick({"source.ip", "destination.ip"});
    }
    if (type == "number") {
        return mark + random.pick({"process.score", "process.score", "process.pid"});
    }
    if (type == "date") {
        return mark + random.pick({"process.start", "event.created"});
    }
    if (type == "boolean") {
        return mark + random.pick({"process.elevated", "process.trusted"});
    }
    if (type == "version") {
        return mark + random.pick({"agent.version", "package.version"});
    }
    return mark
           + (type == "long" ? random.pick({"process.pid", "process.exit_code"})
                             : random.pick({"host.id", "user.id", "event.type"}));
}

std::string sequence(RandomSource& random)
{
    const bool negates = random.oneIn(4);
    const bool perStage = random.oneIn(4);
    const std::string type =
        random.pick({"keyword", "keyword", "long", "ip", "date", "boolean", "version", "number"});
    const auto stageKey = [&] { return perStage ? " by " + sameKey(random, type) : ""; };
    std::string query = "sequence" + keys(random, random.oneIn(3) ? 0 : 1 + random.below(2));
    if (negates || random.oneIn(2)) {
        query += " with maxspan=" + random.pick({"1ms", "2ms", "10ms", "1s", "2s", "1m", "1h"});
    }
    const std::size_t stages = 2 + random.below(random.oneIn(3) ? 4 : 2);
    const std::size_t positive = random.below(stages);
    for (std::size_t i = 0; i < stages; ++i) {
        const bool missing = negates && i != positive && random.oneIn(2);
        query += (missing ? " !" : " ") + stage(random) + stageKey();
        if (random.oneIn(8)) {
            query += fmt::format(" with runs={}", 1 + random.below(3));
        }
    }
    if (random.oneIn(4)) {
        query += " until " + stage(random) + stageKey();
    }
    return query;
}

std::string sample(RandomSource& random)
{
    std::string query = "sample by " + sameKey(random, random.pick({"keyword", "long", "ip"}));
    for (std::size_t stages = 2 + random.below(2); stages > 0; --stages) {
        query += ' ' + stage(random);
    }
    return query;
}

std::string pipes(RandomSource& random)
{
    std::string text;
    for (std::size_t count = random.oneIn(4) ? 1 + random.below(3) : 0; count > 0; --count) {
        text += fmt::format(" | {} {}", random.pick({"head", "tail"}), random.below(6));
    }
    return text;
}

} // namespace

std::string randomQuery(RandomSource& random)
{
    switch (random.below(5)) {
    case 0:
    case 1:
        return sequence(random) + pipes(random);
    case 2:
        return random.oneIn(3) ? sample(random) : sequence(random);
    default:
        return filter(random, 1 + random.below(3)) + pipes(random);
    }
}

std::string randomConstant(RandomSource& random)
{
    RandomExpressions expressions(random, false);
    switch (random.below(4)) {
    case 0:
        return expressions.text(3);
    case 1:
        return expressions.number(3);
    case 2:
        return expressions.number(2) + random.pick({" / ", " % ", " * ", " + "})
               + random.pick({"0", "0.0", "2", "-3", "9223372036854775807"});
    default:
        return expressions.condition(3);
    }
}

NaiveOptions randomOptions(RandomSource& random)
{
    NaiveOptions options;
    if (random.oneIn(2)) {
        options.tiebreakerField = "event.sequence";
    }
    if (random.oneIn(8)) {
        options.timestampField = "event.created";
    }
    if (random.oneIn(8)) {
        options.categoryField = "event.type";
    }
    if (random.oneIn(5)) {
        options.size = 1 + random.below(5);
    }
    options.headPosition = random.oneIn(2);
    options.maxSamplesPerKey = static_cast<std::uint32_t>(1 + random.below(3));
    return options;
}

} // namespace sequela::oracle
