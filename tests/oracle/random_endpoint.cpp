#include "tests/oracle/random_endpoint.h"

#include "tests/oracle/random_expressions.h"

#include <fmt/format.h>

namespace sequela::oracle {

namespace {

/// Whether a `?` stands where a name begins, rather than in a pattern.
bool hasOptionalField(const std::string& text)
{
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
        const bool begins = at == 0 || text[at - 1] == ' ' || text[at - 1] == '(';
        const char next = text[at + 1];
        if (text[at] == '?' && begins && (next == '`' || (next >= 'a' && next <= 'z'))) {
            return true;
        }
    }
    return false;
}

/// Writes the conditions of one stage.
class EndpointConditions {
public:
    /// @p earlier stages have the aliases `event0` …
    EndpointConditions(RandomSource& random, std::size_t earlier)
        : m_random(random), m_earlier(earlier)
    {
    }

    std::string condition(std::size_t depth)
    {
        if (depth == 0) {
            return leaf();
        }
        const std::string left = condition(m_random.below(depth));
        switch (m_random.below(4)) {
        case 0:
            return "not (" + left + ')';
        case 1:
            return left + " or (" + condition(m_random.below(depth)) + ')';
        default:
            return '(' + left + ") and " + condition(m_random.below(depth));
        }
    }

private:
    std::string leaf()
    {
        switch (m_random.below(m_earlier > 0 ? 8 : 6)) {
        case 0:
            return fieldBesideField("");
        case 1:
            return arraySearch();
        case 2:
            return descendantOf();
        case 3:
            return m_random.pick({"true", "process.unknown == null", "not process.unknown : \"a\"",
                                  "event.type == \"start\"", "process.entity_id != null",
                                  "stringcontains~(process.name, user.id)"});
        case 4:
        case 5:
            return plain();
        default:
            return fieldBesideField(fmt::format("event{}.", m_random.below(m_earlier)));
        }
    }

    /// What both dialects know; an optional field is none of this one's words.
    std::string plain()
    {
        for (;;) {
            std::string text = RandomExpressions(m_random, true).condition(0);
            if (!hasOptionalField(text)) {
                return text;
            }
        }
    }

    /// @p prefix: the alias the right side belongs to, if any.
    std::string fieldBesideField(const std::string& prefix)
    {
        const auto other = [&](std::initializer_list<const char*> names) {
            return prefix + m_random.pick(names);
        };
        switch (m_random.below(8)) {
        case 0:
            return "process.pid" + m_random.pick({" == ", " != ", " < ", " >= "})
                   + other({"process.exit_code", "process.pid"});
        case 1:
            return "source.ip" + m_random.pick({" == ", " != "})
                   + other({"destination.ip", "source.ip"});
        case 2:
            return "process.start" + m_random.pick({" == ", " > "})
                   + other({"event.created", "process.start"});
        case 3:
            return "stringcontains~(process.name, " + other({"user.id", "process.name"}) + ')';
        case 4:
            return "user.id" + m_random.pick({" : ", " like ", " like~ "})
                   + other({"host.id", "user.id"});
        case 5:
            return "process.name : (\"a*\", " + other({"process.name", "user.id"}) + ')';
        case 6:
            return "user.id" + m_random.pick({" in (", " not in ("}) + other({"host.id", "user.id"})
                   + ", \"y\")";
        default:
            return m_random.pick({"process.name", "user.id", "process.args"})
                   + m_random.pick({" == ", " != "}) + other({"process.name", "user.id"});
        }
    }

    std::string element(const std::string& variable)
    {
        switch (m_random.below(6)) {
        case 0:
            return variable + ".symbol : " + m_random.pick({"\"a\"", "(\"A*\", \"b\")", "\"?\""});
        case 1:
            return variable + ".size" + m_random.pick({" == 1", " != 1", " > 0"});
        case 2:
            return variable + ".symbol" + m_random.pick({" == null", " != null"});
        case 3:
            return variable + ".symbol == user.id";
        case 4:
            return "_arraysearch(" + variable + ".tags, $t, $t"
                   + m_random.pick({" == \"a\")", " : \"B\")", " != \"a\")"});
        default:
            return "endswith~(" + variable + ".symbol, \"B\")";
        }
    }

    std::string arraySearch()
    {
        if (m_random.oneIn(3)) {
            return "_arraysearch(process.tags, $t, $t"
                   + m_random.pick(
                       {" == \"a\"", " : (\"A\", \"b*\")", " != \"a\"", " == process.name"})
                   + ')';
        }
        std::string inside = element("$e");
        while (m_random.oneIn(2)) {
            if (m_random.oneIn(3)) {
                inside = fmt::format("not ({})", inside);
            }
            inside += m_random.pick({" and ", " or "});
            inside += element("$e");
        }
        return "_arraysearch(process.stack, $e, " + inside + ')';
    }

    std::string descendantOf()
    {
        if (m_depth == 2) {
            return "true";
        }
        ++m_depth;
        const std::string filter =
            m_random.pick({"any", "process", "process", "a"}) + " where "
            + (m_random.oneIn(3)   ? "true"
               : m_random.oneIn(4) ? descendantOf()
                                   : m_random.pick({"process.entity_id == \"p1\"",
                                                    "user.id : \"x\"", "process.pid == 1"}));
        --m_depth;
        return "descendant of [" + filter + ']';
    }

    RandomSource& m_random;
    std::size_t m_earlier;
    std::size_t m_depth = 0;
};

std::string filter(RandomSource& random, std::size_t earlier, std::size_t depth)
{
    return random.pick({"any", "any", "process", "process", "a", "b"}) + " where "
           + (random.oneIn(3) ? "true" : EndpointConditions(random, earlier).condition(depth));
}

} // namespace

std::string randomEndpointQuery(RandomSource& random)
{
    if (random.oneIn(2)) {
        return filter(random, 0, random.below(3));
    }
    std::string query = "sequence";
    query += random.oneIn(2) ? "" : " by " + random.pick({"user.id", "process.entity_id"});
    query += random.oneIn(2) ? "" : " with maxspan=" + random.pick({"1ms", "10ms", "1s", "1m"});
    const std::size_t stages = 2 + random.below(3);
    const bool perStage = random.oneIn(4);
    for (std::size_t stage = 0; stage < stages; ++stage) {
        const std::string key = perStage ? " by process.pid" : "";
        const std::string alias = fmt::format(" as event{}", stage);
        query += " [" + filter(random, stage, random.below(2)) + ']';
        query += random.oneIn(2) ? key + alias : alias + key;
    }
    if (random.oneIn(4)) {
        query += " until [" + filter(random, 0, 0) + ']' + (perStage ? " by process.pid" : "");
    }
    return query;
}

NaiveOptions randomEndpointOptions(RandomSource& random)
{
    NaiveOptions options;
    options.isEndpoint = true;
    if (random.oneIn(2)) {
        options.tiebreakerField = "event.sequence";
    }
    if (random.oneIn(3)) {
        options.osList = {"macos"};
        if (random.oneIn(2)) {
            options.osList.emplace_back("linux");
        }
    }
    return options;
}

} // namespace sequela::oracle
