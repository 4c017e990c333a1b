#include "tests/oracle/random_data.h"

#include "core/base/timestamp.h"

#include <array>
#include <functional>

namespace sequela::oracle {

namespace {

/// 2024-01-01T00:00:00Z.
constexpr std::int64_t epochMs = 1'704'067'200'000;

constexpr std::array textPool{
    "a",       "A",     "b",     "B",   "ab",   "aB",         "abc",      "ABC",
    "",        "*",     "?",     "a*",  "a?b",  "ä",          "Ä",        "ß",
    "ẞ",       "ſ",     "s",     "S",   "K",    "k",          "İ",        "i",
    "ı",       "σ",     "ς",     "Σ",   "日本", "😀",         "a😀b",     "a\nb",
    "a\\b",    "0x1F",  "12",    "1.5", "-7",   "+3",         "1e3",      "cmd.exe",
    "CMD.EXE", "aXbXc", "a-b-c", "aaa", "aba",  "[a]",        "(a|b)",    "a.b",
    "a\"b",    "true",  "null",  "5",   "50",   "C:\\Temp\\", "café",     "cafe\u0301",
    "7f",      "\t",    " ",     "a b", "ǅ",    "ǆ",          "10.0.0.1", "zz"};

constexpr std::array addressPool{"10.0.0.1",        "10.1.2.3",  "::ffff:10.0.0.1", "::1",
                                 "0:0:0:0:0:0:0:1", "FE80::1",   "fe80::2",         "8.8.8.8",
                                 "192.168.0.1",     "127.0.0.1", "2001:db8::5",     "0.0.0.0",
                                 "255.1.1.1",       "::",        "2001:DB8:0:0::05"};

constexpr std::array versionPool{"1.2.3",        "1.10.0",        "1.9.0",     "1.2.3-alpha",
                                 "1.2.3-beta.2", "1.2.3-beta.11", "10.0.0",    "abc",
                                 "zzz",          "2.0.0-rc.1",    "1.2.3-beta"};

constexpr std::array integerPool{"0",  "1",  "-1", "2",          "3",
                                 "5",  "7",  "-7", "10",         "12",
                                 "50", "99", "31", "2147483648", "9223372036854775807",
                                 "4",  "6",  "16", "-2",         "-9223372036854775808"};

constexpr std::array fractionPool{"0.5", "-0.5", "1.5", "2.5", "7.25", "-7.75", "0.1", "1e+300"};

std::int64_t randomMs(RandomSource& random)
{
    constexpr std::array<std::int64_t, 14> offsets{0,    1,    2,    3,    10,    999,   1000,
                                                   1001, 2000, 2001, 5000, 10000, 60000, 61000};
    return epochMs + offsets[random.below(random.oneIn(3) ? offsets.size() : 7)];
}

JsonScalar scalarOf(JsonScalar::Kind kind, std::string text)
{
    return {kind, std::move(text)};
}

JsonScalar numeric(RandomSource& random, std::string text)
{
    // Numbers as strings mean the same in a typed field.
    return scalarOf(random.oneIn(5) ? JsonScalar::Kind::String : JsonScalar::Kind::Number,
                    std::move(text));
}

JsonScalar randomScalar(RandomSource& random, std::string_view type)
{
    if (type == "long") {
        return random.oneIn(25) ? scalarOf(JsonScalar::Kind::String, "no number")
                                : numeric(random, randomInteger(random));
    }
    if (type == "double") {
        return random.oneIn(4) ? numeric(random, randomInteger(random))
                               : numeric(random, randomFraction(random));
    }
    if (type == "boolean") {
        const std::string text = random.pick({"true", "false"});
        return scalarOf(random.oneIn(6) ? JsonScalar::Kind::String : JsonScalar::Kind::Boolean,
                        text);
    }
    if (type == "date") {
        return random.oneIn(4) ? scalarOf(JsonScalar::Kind::Number, randomEpoch(random))
                               : scalarOf(JsonScalar::Kind::String, randomTime(random));
    }
    if (type == "ip") {
        return scalarOf(JsonScalar::Kind::String,
                        random.oneIn(20) ? "no address" : randomAddress(random));
    }
    if (type == "version") {
        return scalarOf(JsonScalar::Kind::String, randomVersion(random));
    }
    if (random.oneIn(12)) {
        return scalarOf(JsonScalar::Kind::Number, randomInteger(random));
    }
    return random.oneIn(20) ? scalarOf(JsonScalar::Kind::Boolean, "true")
                            : scalarOf(JsonScalar::Kind::String, randomText(random));
}

using MakeScalar = std::function<JsonScalar()>;

/// A field's value: scalar, null, empty list, list with nulls and duplicates.
JsonField randomField(RandomSource& random, const MakeScalar& make)
{
    JsonField field;
    if (random.oneIn(12)) {
        field.values.emplace_back();
        return field;
    }
    if (!random.oneIn(5)) {
        field.values.push_back(make());
        return field;
    }
    field.list = true;
    for (std::size_t i = random.below(4); i > 0; --i) {
        field.values.push_back(random.oneIn(6) ? JsonScalar{} : make());
        if (random.oneIn(5)) {
            field.values.push_back(field.values.back());
        }
    }
    return field;
}

struct TypedName {
    const char* name;
    const char* type;
};

constexpr std::array typedNames{
    TypedName{"process.name", "keyword"},
    TypedName{"process.args", "keyword"},
    TypedName{"process.command_line", "wildcard"},
    TypedName{"user.id", "keyword"},
    TypedName{"host.id", "keyword"},
    TypedName{"process.pid", "long"},
    TypedName{"process.exit_code", "long"},
    TypedName{"event.sequence", "long"},
    TypedName{"process.score", "double"},
    TypedName{"process.elevated", "boolean"},
    TypedName{"process.trusted", "boolean"},
    TypedName{"process.start", "date"},
    TypedName{"event.created", "date"},
    TypedName{"source.ip", "ip"},
    TypedName{"destination.ip", "ip"},
    TypedName{"agent.version", "version"},
    TypedName{"package.version", "version"},
    TypedName{"host.os.type", "keyword"},
    TypedName{"process.entity_id", "keyword"},
    TypedName{"process.parent.entity_id", "keyword"},
};

/// Few distinct values, so that events join.
JsonScalar keyScalar(RandomSource& random, std::string_view name)
{
    if (name == "host.os.type") {
        return scalarOf(JsonScalar::Kind::String, random.pick({"macos", "macos", "linux"}));
    }
    if (name.ends_with("entity_id")) {
        return scalarOf(JsonScalar::Kind::String, random.pick({"p1", "p2", "p3", "p4"}));
    }
    if (name == "host.id" || name == "user.id") {
        return scalarOf(JsonScalar::Kind::String, random.pick({"x", "y", "X"}));
    }
    return scalarOf(JsonScalar::Kind::Number, random.pick({"1", "2"}));
}

/// Arrays for `_arraysearch`: of scalars, and of objects that hold one of their own.
void addArrays(RandomSource& random, NaiveEvent& event)
{
    const auto texts = [&] {
        JsonField field{true, {}, {}};
        for (std::size_t left = 1 + random.below(2); left > 0; --left) {
            field.values.push_back(
                scalarOf(JsonScalar::Kind::String, random.pick({"a", "A", "b", "c"})));
        }
        return field;
    };
    if (random.oneIn(2)) {
        event["process.tags"] = texts();
    }
    if (random.oneIn(2)) {
        return;
    }
    JsonField stack{true, {}, {}};
    for (std::size_t left = 1 + random.below(3); left > 0; --left) {
        NaiveEvent& frame = stack.objects.emplace_back();
        // Never empty: an object without members is no element.
        frame["size"] = {
            false, {scalarOf(JsonScalar::Kind::Number, random.pick({"0", "1", "2"}))}, {}};
        if (!random.oneIn(3)) {
            frame["symbol"] = {
                false,
                {scalarOf(JsonScalar::Kind::String, random.pick({"a", "ab", "B", "x"}))},
                {}};
        }
        if (random.oneIn(2)) {
            frame["tags"] = texts();
        }
    }
    event["process.stack"] = std::move(stack);
}

NaiveEvent randomEvent(RandomSource& random)
{
    NaiveEvent event;
    const auto category = [&] {
        return scalarOf(JsonScalar::Kind::String, random.pick({"a", "b", "c", "c", "A"}));
    };
    event["event.category"] = randomField(random, category);
    event["event.type"] = randomField(random, category);
    if (random.oneIn(3)) {
        // What ancestry is learned from.
        const auto one = [](const char* text) {
            return JsonField{false, {scalarOf(JsonScalar::Kind::String, text)}, {}};
        };
        event["event.category"] = one("process");
        event["event.type"] = one(random.oneIn(4) ? "end" : "start");
    }
    if (!random.oneIn(15)) {
        JsonField time;
        time.values.push_back(randomScalar(random, "date"));
        event["@timestamp"] = std::move(time);
    }
    for (const TypedName& field : typedNames) {
        if (random.oneIn(3)) {
            continue;
        }
        const std::string_view name = field.name;
        const bool isKey = name == "host.id" || name == "user.id" || name == "process.pid";
        const bool isNamed = name == "host.os.type" || name.ends_with("entity_id");
        const bool small = isNamed || (isKey && !random.oneIn(6));
        event[field.name] = randomField(random, [&] {
            return small ? keyScalar(random, name) : randomScalar(random, field.type);
        });
        if (name == "event.sequence" && event[field.name].values.size() > 1) {
            event[field.name].values.resize(1);
        }
    }
    const auto unlisted = [&](const char* name, std::string_view type) {
        if (random.oneIn(4)) {
            event[name] = randomField(random, [&] {
                if (type == "long") {
                    return scalarOf(JsonScalar::Kind::Number, randomInteger(random));
                }
                if (type == "double") {
                    return scalarOf(JsonScalar::Kind::Number, randomFraction(random));
                }
                return type == "boolean"
                           ? scalarOf(JsonScalar::Kind::Boolean, random.pick({"true", "false"}))
                           : scalarOf(JsonScalar::Kind::String, randomText(random));
            });
        }
    };
    unlisted("x.text", "keyword");
    unlisted("x.count", "long");
    unlisted("x.ratio", "double");
    unlisted("x.flag", "boolean");
    if (random.oneIn(4)) {
        event["x.mixed"] = randomField(
            random, [&] { return randomScalar(random, random.oneIn(2) ? "long" : "keyword"); });
    }
    addArrays(random, event);
    return event;
}

} // namespace

std::string randomText(RandomSource& random)
{
    return textPool[random.below(random.oneIn(2) ? 9 : textPool.size())];
}

std::string randomAddress(RandomSource& random)
{
    return addressPool[random.below(addressPool.size())];
}

std::string randomVersion(RandomSource& random)
{
    return versionPool[random.below(versionPool.size())];
}

std::string randomTime(RandomSource& random)
{
    std::int64_t nanoseconds = randomMs(random) * nanosecondsPerMillisecond;
    if (random.oneIn(3)) {
        constexpr std::array<std::int64_t, 5> parts{1, 1000, 500'000, 250'000, 999'999};
        nanoseconds += parts[random.below(parts.size())];
    }
    return formatIso(Timestamp(nanoseconds));
}

std::string randomEpoch(RandomSource& random)
{
    return std::to_string(randomMs(random));
}

std::string randomInteger(RandomSource& random)
{
    return integerPool[random.below(random.oneIn(4) ? integerPool.size() : 8)];
}

std::string randomFraction(RandomSource& random)
{
    return fractionPool[random.below(random.oneIn(6) ? fractionPool.size() : 5)];
}

std::string_view randomSchema()
{
    static const std::string lines = [] {
        std::string text = "@timestamp\tdate\nevent.category\tkeyword\nevent.type\tkeyword\n"
                           "process.never\tkeyword\nprocess.never_count\tlong\n"
                           "proc.name\talias\tprocess.name\nproc.pid\talias\tprocess.pid\n"
                           "process.tags\tkeyword\nprocess.stack.symbol\tkeyword\n"
                           "process.stack.size\tlong\nprocess.stack.tags\tkeyword\n";
        for (const TypedName& field : typedNames) {
            text += std::string(field.name) + '\t' + field.type + '\n';
        }
        return text;
    }();
    return lines;
}

NaiveData randomData(RandomSource& random)
{
    NaiveData data;
    const std::size_t sources = random.oneIn(4) ? 2 + random.below(2) : 1;
    for (std::size_t i = 0; i < sources; ++i) {
        NaiveSource source;
        // Names descend now and then: arrival is not the order of sources.
        source.name = std::string(1, static_cast<char>(random.oneIn(2) ? 'a' + i : 'z' - i));
        for (std::size_t left = random.below(24 / sources); left > 0; --left) {
            source.events.push_back(randomEvent(random));
            if (random.oneIn(8)) {
                source.events.push_back(source.events.back());
            }
        }
        data.push_back(std::move(source));
    }
    return data;
}

} // namespace sequela::oracle
