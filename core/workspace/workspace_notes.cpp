#include "core/base/json_writer.h"
#include "core/workspace/case_json.h"
#include "core/workspace/workspace_state.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sequela::workspace {

namespace {

constexpr std::string_view documentName = "notes";
constexpr std::array<std::string_view, 5> subjectKinds{"alert", "event", "host", "rule", "case"};

bool isSubjectKind(std::string_view kind)
{
    return std::ranges::find(subjectKinds, kind) != subjectKinds.end();
}

Result<casefile::NoteRecord> readNote(const simdjson::dom::element& entry)
{
    casefile::NoteRecord record;
    record.id = textAt(entry, "id");
    record.subjectKind = textAt(entry, "subject_kind");
    record.subjectKey = textAt(entry, "subject_key");
    record.text = textAt(entry, "text");
    record.author = textAt(entry, "author");
    const std::optional<Timestamp> time = timeAt(entry, "time");
    record.time = time ? time->nanoseconds() : 0;
    if (record.id.empty() || !isSubjectKind(record.subjectKind)) {
        return std::unexpected(
            notSuchDocument(documentName, "an entry lacks its id or a known subject_kind"));
    }
    return record;
}

std::string entryOf(const casefile::NoteRecord& record)
{
    JsonWriter json;
    json.beginObject();
    json.member("id", record.id);
    json.member("subject_kind", record.subjectKind);
    json.member("subject_key", record.subjectKey);
    json.member("text", record.text);
    json.member("author", record.author);
    json.member("time", formatIso(Timestamp(record.time)));
    json.endObject();
    return json.take();
}

} // namespace

Result<std::vector<casefile::NoteRecord>> Workspace::State::noteRecords() const
{
    std::vector<casefile::NoteRecord> records;
    if (caseFile) {
        auto stored = caseFile->notes();
        if (!stored) {
            return stored;
        }
        records = std::move(*stored);
        std::ranges::sort(records, {}, &casefile::NoteRecord::id);
        return records;
    }
    const std::scoped_lock lock(access);
    for (const auto& [id, record] : memoryNotes) {
        records.push_back(record);
    }
    return records;
}

Result<void> Workspace::State::saveNote(const casefile::NoteRecord& record)
{
    if (caseFile) {
        return caseFile->saveNote(record);
    }
    const std::scoped_lock lock(access);
    memoryNotes.insert_or_assign(record.id, record);
    return {};
}

Result<std::vector<Note>> Workspace::notes() const
{
    auto records = m_state->noteRecords();
    if (!records) {
        return std::unexpected(std::move(records).error());
    }
    std::vector<Note> found;
    for (casefile::NoteRecord& record : *records) {
        found.push_back({std::move(record.id), std::move(record.subjectKind),
                         std::move(record.subjectKey), std::move(record.text),
                         std::move(record.author), Timestamp(record.time)});
    }
    return found;
}

Result<std::string> Workspace::saveNote(const Note& note)
{
    const std::scoped_lock lock(m_state->writing);
    if (!isSubjectKind(note.subjectKind)) {
        return std::unexpected(makeError("note-subject",
                                         fmt::format("there are no notes on {}", note.subjectKind),
                                         "alert, event, host, rule or case"));
    }
    const Timestamp now = presentTime();
    casefile::NoteRecord record;
    record.subjectKind = note.subjectKind;
    record.subjectKey = note.subjectKey;
    record.text = note.text;
    record.author = note.author.empty() ? currentUser() : note.author;
    record.time = note.changed.value_or(now).nanoseconds();
    record.id = note.id.empty()
                    ? newId({note.subjectKind, note.subjectKey, note.text, record.author}, now)
                    : note.id;
    SEQUELA_TRY(m_state->saveNote(record));
    return record.id;
}

Result<void> Workspace::removeNote(std::string_view id)
{
    const std::scoped_lock lock(m_state->writing);
    if (m_state->caseFile) {
        return m_state->caseFile->removeNote(id);
    }
    const std::scoped_lock access(m_state->access);
    if (const auto found = m_state->memoryNotes.find(id); found != m_state->memoryNotes.end()) {
        m_state->memoryNotes.erase(found);
    }
    return {};
}

Result<std::string> Workspace::exportNotes() const
{
    auto records = m_state->noteRecords();
    if (!records) {
        return std::unexpected(std::move(records).error());
    }
    std::vector<std::string> entries;
    std::ranges::transform(*records, std::back_inserter(entries), entryOf);
    return documentOf(documentName, entries);
}

Result<std::size_t> Workspace::importNotes(std::string_view json)
{
    const std::scoped_lock lock(m_state->writing);
    auto records = readEntries(json, documentName, readNote);
    if (!records) {
        return std::unexpected(std::move(records).error());
    }
    auto known = m_state->noteRecords();
    if (!known) {
        return std::unexpected(std::move(known).error());
    }
    std::map<std::string, std::int64_t, std::less<>> timeOf;
    for (const casefile::NoteRecord& record : *known) {
        timeOf.emplace(record.id, record.time);
    }
    std::size_t taken = 0;
    for (const casefile::NoteRecord& record : *records) {
        const auto mine = timeOf.find(record.id);
        if (mine != timeOf.end() && mine->second >= record.time) {
            continue;
        }
        SEQUELA_TRY(m_state->saveNote(record));
        timeOf[record.id] = record.time;
        ++taken;
    }
    return taken;
}

} // namespace sequela::workspace
