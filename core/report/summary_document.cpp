#include "core/report/summary_document.h"

#include "core/base/timestamp.h"
#include "core/report/escaping.h"
#include "core/report/summary_facts.h"
#include "core/views/case_drawings.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sequela::report {

namespace {

constexpr std::array<std::string_view, 4> severityColors{"#2b7a4b", "#8a5a00", "#b23a12",
                                                         "#a8123a"};

TextLine softLine(std::string text)
{
    return {{std::move(text), TextRun::Style::Soft, {}}};
}

TextRun plainRun(std::string text)
{
    return {std::move(text), TextRun::Style::Plain, {}};
}

TextRun codeRun(std::string_view text)
{
    return {shorten(text), TextRun::Style::Code, {}};
}

TextRun breakRun()
{
    return {{}, TextRun::Style::Break, {}};
}

TextLine severityLine(detect::AlertSeverity severity)
{
    return {{std::string(rules::severityText(severity)), TextRun::Style::Severity, severity}};
}

/// Each text on a line of its own.
TextLine linesOf(const std::vector<std::string>& texts, TextRun::Style style)
{
    TextLine line;
    for (const std::string& text : texts) {
        if (!line.empty()) {
            line.push_back(breakRun());
        }
        line.push_back({shorten(text), style, {}});
    }
    return line;
}

std::string counted(std::uint64_t count, std::string_view noun)
{
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

class DocumentWriter {
public:
    DocumentWriter(const AlertSummary& summary, const ExportRequest& request, DocumentSink& sink)
        : m_summary(summary), m_request(request), m_sink(sink), m_facts(summaryFacts(summary))
    {
    }

    [[nodiscard]] Result<void> write(const std::stop_token& stop);

private:
    void writeOverview();
    void writeHosts();
    void writeRules();
    void writeNotes();
    void writeExceptions();
    void writeSchedule();
    [[nodiscard]] Result<void> writeAlerts(const std::stop_token& stop);
    [[nodiscard]] Result<void> writeAlert(const detect::Alert& alert);
    void writeFacts(const detect::Alert& alert);
    void writeStages(const detect::Alert& alert, const detect::AlertDetails& details);
    [[nodiscard]] Result<void> writeDrawings(const detect::Alert& alert);
    void writeNotRun();
    void writeInputs();
    void writeReproduction();
    [[nodiscard]] std::string time(const std::optional<Timestamp>& moment) const
    {
        return moment ? formatIso(*moment, m_request.offsetMinutes) : "no time";
    }
    /// "text (author, time)".
    [[nodiscard]] TextLine noteLine(const SummaryNote& note) const;
    [[nodiscard]] static TextLine attackLine(const detect::AlertRule& rule);

    const AlertSummary& m_summary;
    const ExportRequest& m_request;
    DocumentSink& m_sink;
    SummaryFacts m_facts;
    std::size_t m_drawnAlerts = 0;
};

Result<void> DocumentWriter::write(const std::stop_token& stop)
{
    m_sink.title(shorten(m_request.title));
    writeOverview();
    writeHosts();
    writeRules();
    writeNotes();
    SEQUELA_TRY(writeAlerts(stop));
    writeSchedule();
    writeExceptions();
    writeNotRun();
    writeInputs();
    writeReproduction();
    return {};
}

void DocumentWriter::writeOverview()
{
    std::string text = fmt::format("{} from {}", counted(m_summary.alerts.size(), "alert"),
                                   counted(m_summary.eventCount, "event"));
    if (m_facts.firstTime && m_facts.lastTime) {
        text += fmt::format(", {} to {}", time(m_facts.firstTime), time(m_facts.lastTime));
    }
    std::uint64_t suppressed = 0;
    for (const detect::Alert* alert : m_summary.alerts) {
        suppressed += alert->suppressedCount;
    }
    if (suppressed > 0) {
        text += fmt::format("; {} more folded into these by suppression", suppressed);
    }
    if (m_summary.hiddenCount > 0) {
        text += fmt::format("; {} of building-block rules not shown",
                            counted(m_summary.hiddenCount, "alert"));
    }
    m_sink.paragraph(softLine(text + "."));
    m_sink.figures(m_facts.bySeverity);
    if (!m_sink.wantsDrawings()) {
        return;
    }
    std::vector<views::TimedMark> marks;
    for (const detect::Alert* alert : m_summary.alerts) {
        if (alert->lastTime) {
            marks.push_back(
                {alert->lastTime->nanoseconds(), static_cast<std::uint8_t>(alert->severity)});
        }
    }
    if (!marks.empty()) {
        m_sink.drawing(views::drawMarksOverTime(marks, severityColors, m_request.offsetMinutes),
                       "Alerts over time, by severity");
    }
}

void DocumentWriter::writeHosts()
{
    if (m_facts.byHost.empty()) {
        return;
    }
    m_sink.heading("Hosts");
    std::vector<DocumentRow> rows;
    for (const auto& [host, counts] : m_facts.byHost) {
        DocumentRow row{host.empty() ? plainLine("(no host)") : codeLine(host)};
        std::size_t sum = 0;
        for (std::size_t severity = counts.size(); severity-- > 0;) {
            row.push_back(counts[severity] == 0 ? plainLine("")
                                                : plainLine(std::to_string(counts[severity])));
            sum += counts[severity];
        }
        row.push_back(plainLine(std::to_string(sum)));
        rows.push_back(std::move(row));
    }
    m_sink.table({{"host"},
                  {"critical", true},
                  {"high", true},
                  {"medium", true},
                  {"low", true},
                  {"alerts", true}},
                 rows);
}

TextLine DocumentWriter::attackLine(const detect::AlertRule& rule)
{
    std::vector<std::string> texts;
    for (const detect::AttackReference& reference : rule.attack) {
        texts.push_back(attackText(reference));
    }
    return linesOf(texts, TextRun::Style::Plain);
}

void DocumentWriter::writeRules()
{
    if (m_facts.byRule.empty()) {
        return;
    }
    m_sink.heading("Rules that fired");
    std::vector<DocumentRow> rows;
    for (const SummaryFacts::RuleCount& count : m_facts.byRule) {
        TextLine name = plainLine(count.rule->name);
        if (count.rule->buildingBlock) {
            name.push_back({" building block", TextRun::Style::Soft, {}});
        }
        rows.push_back({severityLine(count.rule->severity), std::move(name),
                        plainLine(std::to_string(count.count)), attackLine(*count.rule),
                        codeLine(count.rule->queryHash)});
    }
    m_sink.table({{"severity"}, {"rule"}, {"alerts", true}, {"ATT&CK"}, {"query hash"}}, rows);
}

TextLine DocumentWriter::noteLine(const SummaryNote& note) const
{
    TextLine line = plainLine(note.text);
    std::string from = note.author;
    if (note.changed) {
        from += fmt::format("{}{}", from.empty() ? "" : ", ", time(note.changed));
    }
    if (!from.empty()) {
        line.push_back({fmt::format(" ({})", shorten(from)), TextRun::Style::Soft, {}});
    }
    return line;
}

void DocumentWriter::writeNotes()
{
    std::set<std::string_view> hosts;
    std::set<std::string_view> ruleIds;
    for (const detect::Alert* alert : m_summary.alerts) {
        hosts.insert(alert->host);
        ruleIds.insert(alert->rule->ruleId);
    }
    std::vector<DocumentRow> rows;
    for (const SummaryNote& note : m_summary.notes) {
        const bool concerns = note.subjectKind == "case"
                              || (note.subjectKind == "host" && hosts.contains(note.subjectKey))
                              || (note.subjectKind == "rule" && ruleIds.contains(note.subjectKey));
        if (concerns) {
            TextLine subject = plainLine(note.subjectKind);
            if (!note.subjectKey.empty()) {
                subject.push_back(plainRun(" "));
                subject.push_back(codeRun(note.subjectKey));
            }
            rows.push_back({std::move(subject), noteLine(note)});
        }
    }
    if (!rows.empty()) {
        m_sink.heading("Notes");
        m_sink.table({{"about"}, {"note"}}, rows);
    }
}

Result<void> DocumentWriter::writeAlerts(const std::stop_token& stop)
{
    if (m_summary.alerts.empty()) {
        return {};
    }
    m_sink.heading("Alerts");
    std::vector<const detect::Alert*> ordered = m_summary.alerts;
    std::ranges::stable_sort(ordered, std::ranges::greater{}, &detect::Alert::severity);
    for (const detect::Alert* alert : ordered) {
        if (stop.stop_requested()) {
            return std::unexpected(cancelledError());
        }
        SEQUELA_TRY(writeAlert(*alert));
    }
    return {};
}

Result<void> DocumentWriter::writeAlert(const detect::Alert& alert)
{
    auto details = m_summary.details(alert);
    if (!details) {
        return std::unexpected(std::move(details).error());
    }
    m_sink.beginAlert(alert, shorten(alert.name));
    m_sink.paragraph(plainLine(details->reason + "."));
    writeFacts(alert);
    writeStages(alert, *details);
    SEQUELA_TRY(writeDrawings(alert));
    m_sink.endAlert();
    return {};
}

void DocumentWriter::writeFacts(const detect::Alert& alert)
{
    std::vector<DocumentFact> facts;
    const auto add = [&facts](std::string_view label, TextLine line) {
        facts.emplace_back(label, std::move(line));
    };
    const auto addCode = [&add](std::string_view label, const std::string& value) {
        if (!value.empty()) {
            add(label, codeLine(value));
        }
    };
    add("time",
        plainLine(alert.firstTime == alert.lastTime
                      ? time(alert.lastTime)
                      : fmt::format("{} to {}", time(alert.firstTime), time(alert.lastTime))));
    addCode("host", alert.host);
    addCode("user", alert.user);
    addCode("process", alert.process);
    if (alert.severity != alert.rule->severity || alert.riskScore != alert.rule->riskScore) {
        add("override", plainLine(fmt::format(
                            "{}, risk {} by a mapping of the rule; the rule says {}, {}",
                            rules::severityText(alert.severity), alert.riskScore,
                            rules::severityText(alert.rule->severity), alert.rule->riskScore)));
    }
    if (alert.suppressedCount > 0) {
        add("suppressed", plainLine(fmt::format("{} folded into this one",
                                                counted(alert.suppressedCount, "later alert"))));
    }
    std::string verdict = verdictText(alert.verdict);
    if (alert.verdict.changed) {
        verdict +=
            fmt::format(", {}{}{}", alert.verdict.author, alert.verdict.author.empty() ? "" : ", ",
                        time(alert.verdict.changed));
    }
    add("verdict", plainLine(verdict));
    addCode("note", alert.verdict.note);
    if (!alert.verdict.tags.empty()) {
        add("tags", linesOf(alert.verdict.tags, TextRun::Style::Code));
    }
    for (const SummaryNote& note : m_summary.notes) {
        const bool isOfEvent =
            note.subjectKind == "event"
            && std::ranges::find(alert.stages, note.subjectKey, &detect::AlertStage::identity)
                   != alert.stages.end();
        if (isOfEvent || (note.subjectKind == "alert" && note.subjectKey == alert.id)) {
            add(isOfEvent ? "note on event" : "note on alert", noteLine(note));
        }
    }
    if (!alert.rule->attack.empty()) {
        add("ATT&CK", attackLine(*alert.rule));
    }
    if (alert.name != alert.rule->name) {
        add("rule name", plainLine(alert.rule->name));
    }
    addCode("rule", alert.rule->ruleId);
    addCode("alert", alert.id);
    m_sink.facts(facts);
}

void DocumentWriter::writeStages(const detect::Alert& alert, const detect::AlertDetails& details)
{
    m_sink.beginStages();
    for (std::size_t slot = 0; slot < alert.stages.size(); ++slot) {
        const detect::AlertStage& stage = alert.stages[slot];
        if (stage.identity.empty()) {
            m_sink.stage(slot + 1, softLine("no event, as the rule demands"), {});
            continue;
        }
        const detect::StageDetails& origin = details.stages[slot];
        TextLine head = plainLine(time(stage.time) + ", event ");
        head.push_back(codeRun(origin.ancestorId));
        head.push_back(plainRun(", "));
        head.push_back(codeRun(originText(origin)));
        std::vector<DocumentRow> clauses;
        for (const detect::MatchedClause& clause : origin.clauses) {
            TextLine values;
            for (const auto& [field, value] : clause.fieldValues) {
                if (!values.empty()) {
                    values.push_back(breakRun());
                }
                values.push_back(codeRun(field));
                values.push_back(plainRun(" is "));
                values.push_back(codeRun(value));
            }
            clauses.push_back({codeLine(clause.text), std::move(values)});
        }
        m_sink.stage(slot + 1, head, clauses);
    }
    m_sink.endStages();
}

Result<void> DocumentWriter::writeDrawings(const detect::Alert& alert)
{
    if (!m_sink.wantsDrawings() || !m_summary.drawings) {
        return {};
    }
    if (++m_drawnAlerts > maxDrawnAlerts) {
        if (m_drawnAlerts == maxDrawnAlerts + 1) {
            m_sink.paragraph(
                softLine(fmt::format("Process trees and timelines are drawn for the "
                                     "first {} alerts; export the others by themselves.",
                                     maxDrawnAlerts)));
        }
        return {};
    }
    const auto drawings = m_summary.drawings();
    if (!drawings) {
        return std::unexpected(drawings.error());
    }
    views::DrawingSubject subject;
    subject.color = severityColor(alert.severity);
    subject.offsetMinutes = m_request.offsetMinutes;
    for (const detect::AlertStage& stage : alert.stages) {
        if (stage.time) {
            subject.momentsNs.push_back(stage.time->nanoseconds());
        }
        const auto process =
            stage.event ? (*drawings)->forest().processOf(*stage.event) : std::nullopt;
        if (process && std::ranges::find(subject.processes, *process) == subject.processes.end()) {
            subject.processes.push_back(*process);
        }
    }
    if (const std::string tree = (*drawings)->processTree(subject); !tree.empty()) {
        m_sink.drawing(tree, "Process tree");
    }
    if (const std::string timeline = (*drawings)->networkTimeline(subject); !timeline.empty()) {
        m_sink.drawing(timeline, "Network activity of these processes; dashed lines are the "
                                 "alert's events");
    }
    return {};
}

void DocumentWriter::writeSchedule()
{
    std::vector<DocumentRow> rows;
    std::size_t silent = 0;
    for (const detect::RuleOutcome& outcome : m_summary.outcomes) {
        if (!outcome.replay) {
            continue;
        }
        if (!hasFindings(*outcome.replay)) {
            ++silent;
            continue;
        }
        rows.push_back({plainLine(outcome.name), plainLine(outcome.schedule)});
        for (const std::uint64_t count : replayFigures(*outcome.replay)) {
            rows.back().push_back(plainLine(std::to_string(count)));
        }
    }
    if (rows.empty() && silent == 0) {
        return;
    }
    m_sink.heading("As scheduled");
    m_sink.paragraph(softLine("The rules ran as their intervals and look-backs say; the alerts "
                              "above are what those runs found. Missed: no single window held "
                              "the match, events arrived after their window, or the window made "
                              "another match of them."));
    if (silent > 0) {
        m_sink.paragraph(softLine(
            fmt::format("{} ran as scheduled and had nothing to find.", counted(silent, "rule"))));
    }
    if (rows.empty()) {
        return;
    }
    m_sink.table({{"rule"},
                  {"schedule"},
                  {"runs", true},
                  {"found", true},
                  {"again", true},
                  {"cut", true},
                  {"no window", true},
                  {"late", true},
                  {"otherwise", true}},
                 rows);
}

void DocumentWriter::writeExceptions()
{
    if (m_summary.exceptions.empty()) {
        return;
    }
    m_sink.heading("Exceptions");
    m_sink.paragraph(softLine("Events that meet a condition were taken away before the rules ran, "
                              "while the exception is switched on and has not expired."));
    std::vector<DocumentRow> rows;
    for (const detect::Exception& exception : m_summary.exceptions) {
        std::string state = exception.enabled ? "on" : "off";
        if (exception.expires) {
            state += ", until " + time(exception.expires);
        }
        std::string from = exception.author;
        if (exception.created) {
            from += (from.empty() ? "" : ", ") + time(exception.created);
        }
        rows.push_back(
            {codeLine(exception.condition),
             exception.ruleId.empty() ? plainLine("all rules") : codeLine(exception.ruleId),
             plainLine(state), plainLine(exception.comment), plainLine(from)});
    }
    m_sink.table({{"condition"}, {"rule"}, {"state"}, {"comment"}, {"by"}}, rows);
}

void DocumentWriter::writeNotRun()
{
    if (m_facts.notRun.empty()) {
        return;
    }
    m_sink.heading("Rules without an answer");
    m_sink.paragraph(
        softLine(fmt::format("{} ran; these did not.", counted(m_facts.rulesRun, "rule"))));
    std::vector<DocumentRow> rows;
    for (const detect::RuleOutcome* outcome : m_facts.notRun) {
        rows.push_back(
            {plainLine(outcome->name), codeLine(outcome->file), plainLine(outcome->reason)});
    }
    m_sink.table({{"rule"}, {"file"}, {"why"}}, rows);
}

void DocumentWriter::writeInputs()
{
    m_sink.heading("Inputs");
    std::vector<DocumentRow> rows;
    for (const SummaryInput& input : m_summary.inputs) {
        rows.push_back(
            {codeLine(input.member.empty() ? input.path : input.path + " ▸ " + input.member),
             plainLine(input.format), plainLine(std::to_string(input.eventCount)),
             codeLine(input.sha256)});
    }
    m_sink.table({{"file"}, {"format"}, {"events", true}, {"SHA-256"}}, rows);
}

void DocumentWriter::writeReproduction()
{
    m_sink.heading("How to reproduce");
    TextLine line =
        plainLine("With files of the SHA-256 above and rules of the query hashes above, ");
    line.push_back(codeRun("sequela-cli scan FILES… --rules RULES… --format json"));
    line.push_back(plainRun(" finds the same alerts under the same ids, in any order of import."));
    if (!m_summary.exceptions.empty()) {
        line.push_back(plainRun(" The exceptions come with the case: "));
        line.push_back(codeRun("sequela-cli export --what exceptions"));
        line.push_back(plainRun("."));
    }
    m_sink.paragraph(line);
    m_sink.paragraph(softLine(fmt::format("Written by {}.", m_summary.generator)));
}

} // namespace

TextLine plainLine(std::string_view text)
{
    return {plainRun(shorten(text))};
}

TextLine codeLine(std::string_view text)
{
    return {codeRun(text)};
}

std::string_view severityColor(detect::AlertSeverity severity)
{
    return severityColors[static_cast<std::size_t>(severity)];
}

Result<void> writeDocument(const AlertSummary& summary, const ExportRequest& request,
                           DocumentSink& sink, std::stop_token stop)
{
    return DocumentWriter(summary, request, sink).write(stop);
}

} // namespace sequela::report
