#include "core/base/json_writer.h"
#include "core/base/sha256.h"
#include "core/eql/binder.h"
#include "core/workspace/case_json.h"
#include "core/workspace/workspace_state.h"

#include <algorithm>
#include <set>
#include <utility>

namespace sequela::workspace {

namespace {

constexpr std::string_view documentName = "exceptions";

Result<casefile::ExceptionRecord> readException(const simdjson::dom::element& entry)
{
    detect::Exception exception;
    exception.id = textAt(entry, "id");
    exception.ruleId = textAt(entry, "rule_id");
    exception.condition = textAt(entry, "condition");
    exception.comment = textAt(entry, "comment");
    exception.author = textAt(entry, "author");
    exception.created = timeAt(entry, "created");
    exception.expires = timeAt(entry, "expires");
    if (exception.id.empty() || exception.condition.empty()) {
        return std::unexpected(
            notSuchDocument(documentName, "an entry lacks its id or its condition"));
    }
    // An expiry that cannot be read must not become none: the exception would live for ever.
    if (!exception.expires && entry["expires"].error() == simdjson::SUCCESS
        && !entry["expires"].is_null()) {
        return std::unexpected(notSuchDocument(
            documentName, fmt::format("the expiry of exception {} is no time", exception.id)));
    }
    bool enabled = true;
    if (entry["enabled"].error() == simdjson::SUCCESS
        && entry["enabled"].get(enabled) != simdjson::SUCCESS) {
        return std::unexpected(notSuchDocument(
            documentName, fmt::format("`enabled` of exception {} is no boolean", exception.id)));
    }
    exception.enabled = enabled;
    return toRecord(exception);
}

std::string entryOf(const casefile::ExceptionRecord& record)
{
    JsonWriter json;
    json.beginObject();
    json.member("id", record.id);
    json.member("rule_id", record.ruleId);
    json.member("condition", record.conditionEql);
    json.member("comment", record.comment);
    json.member("author", record.author);
    json.member("created", formatIso(Timestamp(record.created)));
    json.key("expires");
    if (record.expires) {
        json.string(formatIso(Timestamp(*record.expires)));
    } else {
        json.null();
    }
    json.key("enabled");
    json.boolean(record.enabled);
    json.endObject();
    return json.take();
}

std::string documentOfRecords(const std::vector<casefile::ExceptionRecord>& records)
{
    std::vector<std::string> entries;
    std::ranges::transform(records, std::back_inserter(entries), entryOf);
    return documentOf(documentName, entries);
}

/// The rules that an exception concerns.
rules::RuleSet concernedRules(const rules::RuleSet& all, const std::string& ruleId)
{
    std::vector<rules::RuleEntry> entries;
    for (const rules::RuleEntry& entry : all.entries()) {
        if (entry.rule && (ruleId.empty() || entry.rule->id == ruleId)) {
            entries.push_back(entry);
        }
    }
    rules::RuleSet set;
    set.append(std::move(entries));
    return set;
}

/// Moves out the alerts that are not among @p others.
std::vector<detect::Alert> alertsOnlyIn(detect::Detection& own, const std::set<std::string>& others)
{
    std::vector<detect::Alert> only;
    for (detect::Alert& alert : own.alerts) {
        if (!others.contains(alert.id)) {
            only.push_back(std::move(alert));
        }
    }
    return only;
}

std::set<std::string> idsOf(const detect::Detection& found)
{
    std::set<std::string> ids;
    for (const detect::Alert& alert : found.alerts) {
        ids.insert(alert.id);
    }
    return ids;
}

const Diagnostic* firstError(const std::vector<Diagnostic>& diagnostics)
{
    const auto found = std::ranges::find(diagnostics, Severity::Error, &Diagnostic::severity);
    return found == diagnostics.end() ? nullptr : &*found;
}

/// Binds a condition as a run would; its problems are located in it.
eql::BindResult bindCondition(const std::string& condition, const schema::FieldCatalog& catalog,
                              Timestamp now)
{
    eql::BindOptions options;
    options.now = now;
    eql::BindResult bound = eql::bindFilter(condition, catalog, options);
    for (Diagnostic& diagnostic : bound.diagnostics) {
        locate(diagnostic, condition, {});
    }
    return bound;
}

} // namespace

detect::Exception exceptionOf(const casefile::ExceptionRecord& record)
{
    detect::Exception exception;
    exception.id = record.id;
    exception.ruleId = record.ruleId;
    exception.condition = record.conditionEql;
    exception.comment = record.comment;
    exception.author = record.author;
    exception.created = Timestamp(record.created);
    if (record.expires) {
        exception.expires = Timestamp(*record.expires);
    }
    exception.enabled = record.enabled;
    return exception;
}

casefile::ExceptionRecord toRecord(const detect::Exception& exception)
{
    casefile::ExceptionRecord record;
    record.id = exception.id;
    record.ruleId = exception.ruleId;
    record.conditionEql = exception.condition;
    record.comment = exception.comment;
    record.author = exception.author;
    record.created = exception.created ? exception.created->nanoseconds() : 0;
    if (exception.expires) {
        record.expires = exception.expires->nanoseconds();
    }
    record.enabled = exception.enabled;
    return record;
}

std::string newId(std::initializer_list<std::string_view> parts, Timestamp now)
{
    constexpr std::size_t idBytes = 8;
    Sha256 hash;
    for (const std::string_view part : parts) {
        hash.updateWithLength(part);
    }
    hash.updateWithLength(std::to_string(now.nanoseconds()));
    return toHex(hash.digest(), idBytes);
}

Result<std::vector<casefile::ExceptionRecord>> Workspace::State::exceptionRecords() const
{
    std::vector<casefile::ExceptionRecord> records;
    if (caseFile) {
        auto stored = caseFile->exceptions();
        if (!stored) {
            return stored;
        }
        records = std::move(*stored);
        std::ranges::sort(records, {}, &casefile::ExceptionRecord::id);
        return records;
    }
    const std::scoped_lock lock(access);
    for (const auto& [id, record] : memoryExceptions) {
        records.push_back(record);
    }
    return records;
}

Result<void> Workspace::State::saveException(const casefile::ExceptionRecord& record)
{
    if (caseFile) {
        return caseFile->saveException(record);
    }
    const std::scoped_lock lock(access);
    memoryExceptions.insert_or_assign(record.id, record);
    return {};
}

Result<detect::Detection> Workspace::State::run(const rules::RuleSet& ruleSet, const Snapshot& on,
                                                std::span<const detect::Exception> exceptions,
                                                const detect::DetectOptions& options,
                                                Progress& progress, std::stop_token stop) const
{
    detect::DetectOptions complete = options;
    complete.now = options.now.value_or(presentTime());
    auto excepted =
        detect::ExceptedEvents::find(exceptions, *on.engine, *on.catalog, *complete.now, stop);
    if (!excepted) {
        return std::unexpected(std::move(excepted).error());
    }
    if (!excepted->isEmpty()) {
        complete.excluded = [&excepted, &options](const rules::Rule& rule) {
            return detect::unionOf(options.excluded ? options.excluded(rule) : nullptr,
                                   excepted->of(rule));
        };
    }
    auto found = detect::detect(ruleSet, *on.engine, *on.catalog, complete, progress, stop);
    if (!found) {
        return found;
    }
    std::ranges::copy(excepted->diagnostics(), std::back_inserter(found->diagnostics));
    SEQUELA_TRY(applyVerdicts(*found));
    return found;
}

std::vector<const detect::Alert*> ExceptionPreview::lostTruePositives() const
{
    std::vector<const detect::Alert*> lost;
    for (const detect::Alert& alert : disappearing) {
        if (alert.verdict.reason == detect::VerdictReason::TruePositive) {
            lost.push_back(&alert);
        }
    }
    return lost;
}

Result<std::vector<detect::Exception>> Workspace::exceptions() const
{
    auto records = m_state->exceptionRecords();
    if (!records) {
        return std::unexpected(std::move(records).error());
    }
    std::vector<detect::Exception> found;
    std::ranges::transform(*records, std::back_inserter(found), exceptionOf);
    return found;
}

Result<ExceptionPreview> Workspace::previewException(const detect::Exception& exception,
                                                     const detect::DetectOptions& options,
                                                     Progress& progress, std::stop_token stop) const
{
    const std::shared_ptr<const Snapshot> current = snapshot();
    ExceptionPreview preview;
    eql::BindResult bound =
        bindCondition(exception.condition, *current->catalog, options.now.value_or(presentTime()));
    preview.diagnostics = std::move(bound.diagnostics);
    if (!bound.query || firstError(preview.diagnostics) != nullptr) {
        return preview;
    }
    auto events = current->engine->select(*bound.query, {}, stop);
    if (!events) {
        return std::unexpected(std::move(events).error());
    }
    preview.eventCount = events->count();
    auto others = exceptions();
    if (!others) {
        return std::unexpected(std::move(others).error());
    }
    std::erase_if(*others, [&exception](const detect::Exception& other) {
        return !exception.id.empty() && other.id == exception.id;
    });
    const rules::RuleSet concerned = concernedRules(*rules(), exception.ruleId);
    auto without = m_state->run(concerned, *current, *others, options, progress, stop);
    if (!without) {
        return std::unexpected(std::move(without).error());
    }
    detect::Exception inForce = exception;
    inForce.enabled = true;
    inForce.expires.reset();
    others->push_back(std::move(inForce));
    auto with = m_state->run(concerned, *current, *others, options, progress, stop);
    if (!with) {
        return std::unexpected(std::move(with).error());
    }
    const std::set<std::string> before = idsOf(*without);
    preview.disappearing = alertsOnlyIn(*without, idsOf(*with));
    preview.reforming = alertsOnlyIn(*with, before);
    return preview;
}

Result<std::string> Workspace::saveException(const detect::Exception& exception)
{
    const std::scoped_lock lock(m_state->writing);
    const Timestamp now = presentTime();
    const eql::BindResult bound = bindCondition(exception.condition, *snapshot()->catalog, now);
    if (const Diagnostic* const error = firstError(bound.diagnostics)) {
        return std::unexpected(*error);
    }
    detect::Exception complete = exception;
    if (complete.author.empty()) {
        complete.author = currentUser();
    }
    if (!complete.created) {
        complete.created = now;
    }
    if (complete.id.empty()) {
        complete.id = newId({complete.ruleId, complete.condition, complete.author}, now);
    }
    SEQUELA_TRY(m_state->saveException(toRecord(complete)));
    return complete.id;
}

Result<void> Workspace::removeException(std::string_view id)
{
    const std::scoped_lock lock(m_state->writing);
    if (m_state->caseFile) {
        return m_state->caseFile->removeException(id);
    }
    const std::scoped_lock access(m_state->access);
    if (const auto found = m_state->memoryExceptions.find(id);
        found != m_state->memoryExceptions.end()) {
        m_state->memoryExceptions.erase(found);
    }
    return {};
}

Result<std::string> Workspace::exportExceptions() const
{
    auto records = m_state->exceptionRecords();
    if (!records) {
        return std::unexpected(std::move(records).error());
    }
    return documentOfRecords(*records);
}

Result<std::string> Workspace::exportExceptionsOf(std::string_view ruleId) const
{
    auto records = m_state->exceptionRecords();
    if (!records) {
        return std::unexpected(std::move(records).error());
    }
    std::erase_if(*records, [ruleId](const auto& record) { return record.ruleId != ruleId; });
    return documentOfRecords(*records);
}

Result<std::size_t> Workspace::importExceptions(std::string_view json)
{
    const std::scoped_lock lock(m_state->writing);
    auto records = readEntries(json, documentName, readException);
    if (!records) {
        return std::unexpected(std::move(records).error());
    }
    const Timestamp now = presentTime();
    const std::shared_ptr<const Snapshot> current = snapshot();
    for (const casefile::ExceptionRecord& record : *records) {
        const eql::BindResult bound = bindCondition(record.conditionEql, *current->catalog, now);
        if (const Diagnostic* const error = firstError(bound.diagnostics)) {
            return std::unexpected(
                notSuchDocument(documentName, fmt::format("the condition of exception {}: {}",
                                                          record.id, error->message)));
        }
    }
    auto known = m_state->exceptionRecords();
    if (!known) {
        return std::unexpected(std::move(known).error());
    }
    std::map<std::string, std::int64_t, std::less<>> createdOf;
    for (const casefile::ExceptionRecord& record : *known) {
        createdOf.emplace(record.id, record.created);
    }
    std::size_t taken = 0;
    for (const casefile::ExceptionRecord& record : *records) {
        const auto mine = createdOf.find(record.id);
        if (mine != createdOf.end() && mine->second >= record.created) {
            continue;
        }
        SEQUELA_TRY(m_state->saveException(record));
        createdOf[record.id] = record.created;
        ++taken;
    }
    return taken;
}

Result<RuleComparison> Workspace::compareRules(const rules::RuleSet& before,
                                               const rules::RuleSet& after,
                                               const detect::DetectOptions& options,
                                               Progress& progress, std::stop_token stop) const
{
    const std::shared_ptr<const Snapshot> current = snapshot();
    auto inCase = exceptions();
    if (!inCase) {
        return std::unexpected(std::move(inCase).error());
    }
    auto old = m_state->run(before, *current, *inCase, options, progress, stop);
    if (!old) {
        return std::unexpected(std::move(old).error());
    }
    auto now = m_state->run(after, *current, *inCase, options, progress, stop);
    if (!now) {
        return std::unexpected(std::move(now).error());
    }
    RuleComparison comparison;
    comparison.before = std::make_shared<const detect::Detection>(std::move(*old));
    comparison.after = std::make_shared<const detect::Detection>(std::move(*now));
    comparison.diff = detect::diffDetections(*comparison.before, *comparison.after);
    return comparison;
}

} // namespace sequela::workspace
