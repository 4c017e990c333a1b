#include "ui/rules/funnel_rows.h"

#include "ui/rules/match_model.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"

#include <QCoreApplication>

#include <algorithm>

namespace sequela::ui {

namespace {

QString translated(const char* text)
{
    return QCoreApplication::translate("sequela::ui::Funnel", text);
}

const eql::BoundStage& stageOf(const eql::BoundQuery& query, std::size_t index)
{
    return index < query.stages.size() ? query.stages[index] : *query.until;
}

QString categoryName(const eql::BoundStage& stage)
{
    return stage.category ? text::visible(*stage.category) : translated("any");
}

std::string piece(const std::string& text, SourceSpan span)
{
    return span.begin <= span.end && span.end <= text.size()
               ? text.substr(span.begin, span.length())
               : std::string();
}

std::string keyList(const LiveResult& result)
{
    std::string list;
    for (const eql::BoundKey& key : result.bound->stages.front().keys) {
        list += (list.empty() ? "" : ", ") + result.bound->fields[key.field.index()].name;
    }
    return list;
}

bool hasPlaces(const LiveResult& result)
{
    // Stages with runs are written once and the funnel has one entry a written stage.
    const std::size_t places = result.bound->stages.size() + (result.bound->until ? 1 : 0);
    return result.found.funnels.size() == places;
}

void addStage(std::vector<FunnelRow>& rows, const LiveResult& result, std::size_t index)
{
    const engine::StageFunnel& funnel = result.found.funnels[index];
    const eql::BoundStage& stage = stageOf(*result.bound, index);
    const bool isUntil = index >= result.bound->stages.size();
    FunnelRow heading;
    heading.kind = FunnelRow::Kind::Heading;
    heading.span = funnel.span;
    heading.label = isUntil                            ? translated("Until")
                    : result.bound->stages.size() == 1 ? translated("Events")
                                                       : translated("Stage %1").arg(index + 1);
    heading.label += QStringLiteral(" · ") + categoryName(stage);
    if (stage.missing) {
        heading.label += translated(" · must be missing");
    }
    rows.push_back(std::move(heading));

    const std::string category = piece(result.text, stage.categorySpan);
    FunnelRow first;
    first.label = translated("%1 events").arg(categoryName(stage));
    first.count = funnel.categoryEvents;
    first.span = stage.categorySpan;
    first.filter = category.empty() ? std::string() : category + " where true";
    rows.push_back(std::move(first));
    std::string conjunction;
    for (const engine::FunnelStep& step : funnel.steps) {
        const std::string clause = piece(result.text, step.span);
        FunnelRow row;
        row.label = text::fromUtf8(onOneLine(clause));
        row.count = step.eventsLeft;
        row.span = step.span;
        row.dropped = step.droppedSamples;
        conjunction += (conjunction.empty() ? "(" : " and (") + onOneLine(clause) + ')';
        // A comment inside would swallow the rest of the line.
        if (!category.empty() && clause.find("//") == std::string::npos) {
            row.filter = category + " where " + conjunction;
        }
        rows.push_back(std::move(row));
    }
}

FunnelRow sequenceRow(QString label, std::uint64_t count)
{
    FunnelRow row;
    row.kind = FunnelRow::Kind::Sequence;
    row.label = std::move(label);
    row.count = count;
    return row;
}

} // namespace

std::string onOneLine(std::string_view text)
{
    std::string line;
    bool inString = false;
    for (const char c : text) {
        const bool isSpace = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (c == '"' && (line.empty() || line.back() != '\\')) {
            inString = !inString;
        }
        if (isSpace && !inString) {
            if (!line.empty() && line.back() != ' ') {
                line += ' ';
            }
        } else {
            line += c;
        }
    }
    return line;
}

std::vector<FunnelRow> funnelRows(const LiveResult& result, const workspace::NearMisses* near)
{
    std::vector<FunnelRow> rows;
    if (!result.bound || !hasPlaces(result)) {
        return rows;
    }
    for (std::size_t index = 0; index < result.found.funnels.size(); ++index) {
        addStage(rows, result, index);
    }
    if (result.bound->kind == eql::BoundQueryKind::Event) {
        return rows;
    }
    FunnelRow heading;
    heading.kind = FunnelRow::Kind::Heading;
    heading.label = result.bound->kind == eql::BoundQueryKind::Sample ? translated("Samples")
                                                                      : translated("Sequences");
    rows.push_back(std::move(heading));
    const std::string keys = keyList(result);
    const QString inOrder =
        keys.empty() ? translated("in order") : translated("share %1").arg(text::visible(keys));
    if (!result.bound->maxspanMs) {
        rows.push_back(sequenceRow(inOrder, result.matches->size()));
        return rows;
    }
    if (near != nullptr) {
        rows.push_back(sequenceRow(inOrder, near->inOrderCount));
    }
    rows.push_back(
        sequenceRow(translated("within %1").arg(durationText(*result.bound->maxspanMs * 1'000'000)),
                    result.matches->size()));
    return rows;
}

std::vector<LineNote> lineNotes(const LiveResult& result)
{
    std::vector<LineNote> notes;
    if (!result.bound || !hasPlaces(result)) {
        return notes;
    }
    const auto lineOf = [&result](std::size_t offset) {
        const auto end =
            result.text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, result.text.size()));
        return std::count(result.text.begin(), end, '\n');
    };
    const std::size_t firstOffset =
        std::min(result.text.find_first_not_of(" \t\r\n"), result.text.size());
    const bool isEvent = result.bound->kind == eql::BoundQueryKind::Event;
    if (!isEvent) {
        const std::size_t keys = result.bound->stages.front().keys.size();
        notes.push_back(
            {firstOffset,
             {},
             keys == 0 ? translated("not joined")
                       : translated("joined on %1").arg(text::counted(keys, translated("key")))});
    }
    for (std::size_t index = 0; index < result.found.funnels.size(); ++index) {
        const engine::StageFunnel& funnel = result.found.funnels[index];
        const eql::BoundStage& stage = stageOf(*result.bound, index);
        const std::uint64_t left =
            funnel.steps.empty() ? funnel.categoryEvents : funnel.steps.back().eventsLeft;
        notes.push_back(
            {stage.categorySpan.begin, text::count(left),
             translated(" of %1 %2").arg(text::count(funnel.categoryEvents), categoryName(stage))});
        const auto stageLine = lineOf(stage.categorySpan.begin);
        std::uint64_t before = funnel.categoryEvents;
        for (std::size_t step = 0; step < funnel.steps.size(); ++step) {
            const std::size_t begin = funnel.steps[step].span.begin;
            const auto line = lineOf(begin);
            const bool lastOfLine = step + 1 == funnel.steps.size()
                                    || lineOf(funnel.steps[step + 1].span.begin) != line;
            if (!lastOfLine) {
                continue;
            }
            const std::uint64_t after = funnel.steps[step].eventsLeft;
            if (line != stageLine) {
                notes.push_back({begin,
                                 {},
                                 translated(" %1 left  −%2")
                                     .arg(text::count(after), text::count(before - after))});
            }
            before = after;
        }
    }
    return notes;
}

} // namespace sequela::ui
