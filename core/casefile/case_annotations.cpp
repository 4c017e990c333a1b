#include "core/casefile/case_state.h"
#include "core/casefile/event_columns.h"
#include "core/casefile/record_rows.h"

#include <utility>

namespace sequela::casefile {

namespace {

#define SEQUELA_VERDICT_COLUMNS                                                                    \
    "alert_id, rule_id, events_hash, state, reason, note, tags, author, time"

std::string joinTags(const std::vector<std::string>& tags)
{
    std::string text;
    std::string_view separator;
    for (const std::string& tag : tags) {
        text += separator;
        text += tag;
        separator = valueSeparator;
    }
    return text;
}

std::vector<std::string> splitTags(std::string_view text)
{
    std::vector<std::string> tags;
    while (!text.empty()) {
        const std::size_t end = text.find(valueSeparator);
        tags.emplace_back(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return tags;
}

VerdictRecord verdictFromRow(const Statement& row)
{
    return {row.text(0),
            row.text(1),
            row.text(2),
            fromName<VerdictState>(row.view(3), verdictStateNames),
            fromName<VerdictReason>(row.view(4), verdictReasonNames),
            row.text(5),
            splitTags(row.view(6)),
            row.text(7),
            row.integer(8)};
}

Result<void> insertVerdict(Connection& connection, const VerdictRecord& verdict)
{
    auto insert = connection.prepare("INSERT OR REPLACE INTO verdict(" SEQUELA_VERDICT_COLUMNS
                                     ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!insert) {
        return std::unexpected(std::move(insert).error());
    }
    const std::string tags = joinTags(verdict.tags);
    return insert->bind(1, std::string_view(verdict.alertId))
        .bind(2, std::string_view(verdict.ruleId))
        .bind(3, std::string_view(verdict.eventsHash))
        .bind(4, nameOf(verdict.state, verdictStateNames))
        .bind(5, nameOf(verdict.reason, verdictReasonNames))
        .bind(6, std::string_view(verdict.note))
        .bind(7, std::string_view(tags))
        .bind(8, std::string_view(verdict.author))
        .bind(9, verdict.time)
        .run();
}

/// Runs one statement with parameters that @p bind fills.
template <typename Bind>
auto oneStatement(const char* sql, const Bind& bind)
{
    return [sql, &bind](Connection& connection) -> Result<void> {
        auto statement = connection.prepare(sql);
        if (!statement) {
            return std::unexpected(std::move(statement).error());
        }
        bind(*statement);
        return statement->run();
    };
}

auto byText(std::string_view key)
{
    return [key](Statement& statement) { statement.bind(1, key); };
}

} // namespace

Result<void> CaseFile::saveVerdicts(std::span<const VerdictRecord> verdicts)
{
    return m_state->write([&](Connection& connection) -> Result<void> {
        for (const VerdictRecord& verdict : verdicts) {
            SEQUELA_TRY(insertVerdict(connection, verdict));
        }
        return {};
    });
}

Result<void> CaseFile::removeVerdict(std::string_view alertId)
{
    return m_state->write(oneStatement("DELETE FROM verdict WHERE alert_id = ?", byText(alertId)));
}

Result<std::vector<VerdictRecord>> CaseFile::verdicts() const
{
    std::vector<VerdictRecord> verdicts;
    SEQUELA_TRY(m_state->read(
        "SELECT " SEQUELA_VERDICT_COLUMNS " FROM verdict ORDER BY alert_id", noParameters,
        [&](const Statement& row) { verdicts.push_back(verdictFromRow(row)); }));
    return verdicts;
}

Result<std::optional<VerdictMatch>> CaseFile::findVerdict(std::string_view alertId,
                                                          std::string_view ruleId,
                                                          std::string_view eventsHash) const
{
    std::optional<VerdictMatch> match;
    SEQUELA_TRY(m_state->read(
        "SELECT " SEQUELA_VERDICT_COLUMNS " FROM verdict WHERE alert_id = ?1 OR (rule_id = ?2 AND "
        "events_hash = ?3) ORDER BY alert_id = ?1 DESC, time DESC, alert_id LIMIT 1",
        [&](Statement& query) { query.bind(1, alertId).bind(2, ruleId).bind(3, eventsHash); },
        [&](const Statement& row) {
            match = VerdictMatch{verdictFromRow(row), row.view(0) != alertId};
        }));
    return match;
}

Result<void> CaseFile::saveException(const ExceptionRecord& exception)
{
    return m_state->write(oneStatement(
        "INSERT OR REPLACE INTO exception(exception_id, rule_id, condition, comment, author, "
        "created, expires, enabled) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        [&](Statement& insert) {
            insert.bind(1, std::string_view(exception.id))
                .bind(2, std::string_view(exception.ruleId))
                .bind(3, std::string_view(exception.conditionEql))
                .bind(4, std::string_view(exception.comment))
                .bind(5, std::string_view(exception.author))
                .bind(6, exception.created)
                .bind(8, exception.enabled ? 1U : 0U);
            if (exception.expires) {
                insert.bind(7, *exception.expires);
            }
        }));
}

Result<void> CaseFile::removeException(std::string_view id)
{
    return m_state->write(oneStatement("DELETE FROM exception WHERE exception_id = ?", byText(id)));
}

Result<std::vector<ExceptionRecord>> CaseFile::exceptions() const
{
    std::vector<ExceptionRecord> exceptions;
    SEQUELA_TRY(m_state->read(
        "SELECT exception_id, rule_id, condition, comment, author, created, expires, enabled "
        "FROM exception ORDER BY created, exception_id",
        noParameters, [&](const Statement& row) {
            exceptions.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4),
                                  row.integer(5),
                                  row.isNull(6) ? std::nullopt : std::optional(row.integer(6)),
                                  row.integer(7) != 0});
        }));
    return exceptions;
}

Result<void> CaseFile::saveNote(const NoteRecord& note)
{
    return m_state->write(oneStatement(
        "INSERT OR REPLACE INTO note(note_id, subject_kind, subject_key, text, author, time) "
        "VALUES(?, ?, ?, ?, ?, ?)",
        [&](Statement& insert) {
            insert.bind(1, std::string_view(note.id))
                .bind(2, std::string_view(note.subjectKind))
                .bind(3, std::string_view(note.subjectKey))
                .bind(4, std::string_view(note.text))
                .bind(5, std::string_view(note.author))
                .bind(6, note.time);
        }));
}

Result<void> CaseFile::removeNote(std::string_view id)
{
    return m_state->write(oneStatement("DELETE FROM note WHERE note_id = ?", byText(id)));
}

Result<std::vector<NoteRecord>> CaseFile::notes() const
{
    std::vector<NoteRecord> notes;
    SEQUELA_TRY(
        m_state->read("SELECT note_id, subject_kind, subject_key, text, author, time FROM note "
                      "ORDER BY time, note_id",
                      noParameters, [&](const Statement& row) {
                          notes.push_back({row.text(0), row.text(1), row.text(2), row.text(3),
                                           row.text(4), row.integer(5)});
                      }));
    return notes;
}

Result<void> CaseFile::saveBookmark(const BookmarkRecord& bookmark)
{
    return m_state->write(
        oneStatement("INSERT OR REPLACE INTO bookmark(event_no, identity, label, color, time) "
                     "VALUES(?, ?, ?, ?, ?)",
                     [&](Statement& insert) {
                         insert.bind(1, bookmark.event.value())
                             .bind(2, std::string_view(bookmark.identity))
                             .bind(3, std::string_view(bookmark.label))
                             .bind(4, std::string_view(bookmark.color))
                             .bind(5, bookmark.time);
                     }));
}

Result<void> CaseFile::removeBookmark(EventNumber event)
{
    return m_state->write(
        oneStatement("DELETE FROM bookmark WHERE event_no = ?",
                     [&](Statement& removal) { removal.bind(1, event.value()); }));
}

Result<std::vector<BookmarkRecord>> CaseFile::bookmarks() const
{
    std::vector<BookmarkRecord> bookmarks;
    SEQUELA_TRY(m_state->read(
        "SELECT event_no, identity, label, color, time FROM bookmark ORDER BY event_no",
        noParameters, [&](const Statement& row) {
            bookmarks.push_back({EventNumber(static_cast<std::uint32_t>(row.integer(0))),
                                 row.text(1), row.text(2), row.text(3), row.integer(4)});
        }));
    return bookmarks;
}

Result<void> CaseFile::saveFilter(const SavedFilterRecord& filter)
{
    return m_state->write(
        oneStatement("INSERT OR REPLACE INTO saved_filter(name, eql, detail) VALUES(?, ?, ?)",
                     [&](Statement& insert) {
                         insert.bind(1, std::string_view(filter.name))
                             .bind(2, std::string_view(filter.eql))
                             .bind(3, std::string_view(filter.detailJson));
                     }));
}

Result<void> CaseFile::removeFilter(std::string_view name)
{
    return m_state->write(oneStatement("DELETE FROM saved_filter WHERE name = ?", byText(name)));
}

Result<std::vector<SavedFilterRecord>> CaseFile::savedFilters() const
{
    std::vector<SavedFilterRecord> filters;
    SEQUELA_TRY(m_state->read(
        "SELECT name, eql, detail FROM saved_filter ORDER BY name", noParameters,
        [&](const Statement& row) { filters.push_back({row.text(0), row.text(1), row.text(2)}); }));
    return filters;
}

Result<void> CaseFile::saveLayout(std::string_view key, std::string_view json)
{
    if (json.empty()) {
        return m_state->write(oneStatement("DELETE FROM layout WHERE key = ?", byText(key)));
    }
    return m_state->write(
        oneStatement("INSERT OR REPLACE INTO layout(key, value) VALUES(?, ?)",
                     [&](Statement& insert) { insert.bind(1, key).bind(2, json); }));
}

Result<std::optional<std::string>> CaseFile::layout(std::string_view key) const
{
    std::optional<std::string> value;
    SEQUELA_TRY(m_state->read("SELECT value FROM layout WHERE key = ?", byText(key),
                              [&](const Statement& row) { value = row.text(0); }));
    return value;
}

} // namespace sequela::casefile
