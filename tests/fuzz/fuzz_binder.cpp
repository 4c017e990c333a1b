#include "core/eql/binder.h"
#include "core/schema/field_catalog.h"
#include "tests/fuzz/fuzz_check.h"

#include <string_view>

using namespace sequela;
using namespace sequela::fuzz;

namespace {

/// One field of every type, an alias, text without an exact sub-field.
const schema::FieldCatalog& catalog()
{
    static const auto schema =
        schema::Schema::parse("@timestamp\tdate\nevent.category\tkeyword\nhost.id\tkeyword\n"
                              "host.os.type\tkeyword\nk\tkeyword\nn\tlong\nd\tdouble\nb\tboolean\n"
                              "t\tdate\nip\tip\nv\tversion\nbody\ttext\nother\talias\tk\n"
                              "process.entity_id\tkeyword\nprocess.parent.entity_id\tkeyword\n",
                              "fuzz")
            .value();
    static const schema::FieldCatalog fields(schema, {});
    return fields;
}

} // namespace

/// Any bytes as a query of both dialects, as a filter and as a constant expression: what has no
/// error is bound, what has one is not, and every place lies in the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const eql::Dialect dialect : {eql::Dialect::Elasticsearch, eql::Dialect::Endpoint}) {
        eql::BindOptions options;
        options.dialect = dialect;
        options.osList = {"macos"};
        for (const bool isStrict : {false, true}) {
            options.strictFields = isStrict;
            const eql::BindResult bound = eql::bindQuery(text, catalog(), options);
            check(bound.query.has_value() != hasError(bound.diagnostics));
            checkPlaces(bound.diagnostics, text);
        }
        checkPlaces(eql::bindFilter(text, catalog(), options).diagnostics, text);
    }
    const auto constant = eql::evaluateConstant(text);
    if (constant) {
        check(!eql::toJson(*constant).empty());
    } else {
        check(hasError(constant.error()));
        checkPlaces(constant.error(), text);
    }
    return 0;
}
