#include "ui/rules/workshop_actions.h"

#include "core/workspace/rule_draft.h"
#include "core/workspace/workspace.h"
#include "ui/editor/eql_editor.h"
#include "ui/rules/editor_panel.h"
#include "ui/rules/evidence.h"
#include "ui/rules/exception_dialog.h"
#include "ui/rules/match_table.h"
#include "ui/rules/rule_files.h"
#include "ui/rules/rule_rows.h"
#include "ui/rules/test_draft_dialog.h"
#include "ui/state/case_session.h"
#include "ui/state/selection.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QInputDialog>
#include <QMenu>
#include <QUuid>

#include <algorithm>
#include <utility>

namespace sequela::ui {

namespace {

QString tomlFilter()
{
    return WorkshopActions::tr("Rules (*.toml)");
}

std::filesystem::path toPath(const QString& file)
{
    return text::toUtf8(file);
}

std::string newRuleId()
{
    return text::toUtf8(QUuid::createUuid().toString(QUuid::WithoutBraces));
}

} // namespace

std::optional<LiveRequest> liveRequestOf(const EditorPanel& editor, const state::Context& context)
{
    const OpenQuery* query = editor.current();
    if (query == nullptr || !query->isRunnable() || !context.session.isOpen()) {
        return std::nullopt;
    }
    LiveRequest request = query->isRule() ? requestFor(*query->entry->rule) : LiveRequest{};
    request.workspace = context.session.workspace();
    request.text = query->editor->text();
    if (query->isRule()) {
        request.savedText = query->savedText;
        request.detection = context.session.detection();
    }
    if (query->versions.pinned()) {
        request.savedText = query->versions.pinned();
    }
    request.baseline = query->baseline;
    return request;
}

WorkshopActions::WorkshopActions(const state::Context& context, EditorPanel& editor, QWidget* page)
    : QObject(page),
      m_context(context),
      m_editor(editor),
      m_page(page),
      m_evidenceJob(&context.jobs),
      m_fileJob(&context.jobs),
      m_switchJob(&context.jobs),
      m_draftJob(&context.jobs)
{
}

void WorkshopActions::addRowActions(QMenu& menu, MatchTable& table, bool isMiss)
{
    const auto events = table.currentEvents();
    const auto first = std::ranges::find_if(events, [](const auto& event) { return !!event; });
    if (first == events.end()) {
        return;
    }
    const OpenQuery* query = m_editor.current();
    QAction* test = menu.addAction(m_context.theme.icon(QStringLiteral("check")),
                                   isMiss ? tr("Make a test that must not match…")
                                          : tr("Make a test of this match…"));
    test->setEnabled(query != nullptr && query->isRule());
    connect(test, &QAction::triggered, this, [this, events, isMiss] { makeTest(events, !isMiss); });
    connect(menu.addAction(tr("New exception…")), &QAction::triggered, this,
            [this, event = **first] { makeException(event); });
    menu.addSeparator();
}

void WorkshopActions::addRuleActions(QMenu& menu, const rules::RuleEntry& entry)
{
    const bool isFile = entry.exportLine == 0;
    const auto add = [&](const QString& label, auto method) {
        QAction* action = menu.addAction(label);
        action->setEnabled(isFile);
        connect(action, &QAction::triggered, this,
                [this, entry, method] { (this->*method)(entry); });
    };
    if (const detect::RuleOutcome* outcome =
            outcomeOf(m_context.session.detection().get(), entry)) {
        const bool isOff = outcome->status == detect::RuleStatus::Disabled;
        QAction* action =
            menu.addAction(isOff ? tr("Switch on for this case") : tr("Switch off for this case"));
        connect(action, &QAction::triggered, this,
                [this, entry, isOff] { switchRule(entry, isOff); });
        menu.addSeparator();
    }
    add(tr("Duplicate…"), &WorkshopActions::askDuplicate);
    add(tr("Rename the file…"), &WorkshopActions::askRename);
    add(tr("Move to a folder…"), &WorkshopActions::askFolder);
    menu.addSeparator();
    connect(menu.addAction(tr("Copy the path")), &QAction::triggered, this,
            [entry] { QGuiApplication::clipboard()->setText(text::fromUtf8(entry.path)); });
}

TestDraftDialog* WorkshopActions::makeTest(std::vector<std::optional<EventNumber>> events,
                                           bool expectsMatch)
{
    const OpenQuery* query = m_editor.current();
    if (query == nullptr || !query->isRule() || !m_context.session.isOpen() || events.empty()) {
        return nullptr;
    }
    auto edited = std::make_shared<rules::Rule>(*query->entry->rule);
    edited->query.text = query->editor->text();
    workspace::TestDraftRequest request;
    request.rule = std::move(edited);
    request.events = std::move(events);
    request.expectsMatch = expectsMatch;
    request.name = text::toUtf8(expectsMatch ? tr("Matches a case") : tr("Stays silent"));
    auto* dialog = new TestDraftDialog(m_context, std::move(request), m_page->window());
    connect(dialog, &TestDraftDialog::saved, this, [this](const QString& file) {
        Q_EMIT told(tr("Test added to %1").arg(file));
        Q_EMIT filesChanged({});
    });
    dialog->show();
    return dialog;
}

void WorkshopActions::makeException(EventNumber event)
{
    const OpenQuery* query = m_editor.current();
    const bool isRule = query != nullptr && query->isRule();
    makeException(event, isRule ? query->entry->rule->id : std::string(),
                  isRule ? query->entry->rule->name : std::string());
}

void WorkshopActions::makeException(EventNumber event, const std::string& ruleId,
                                    const std::string& ruleName)
{
    const auto snapshot = m_context.session.snapshot();
    if (!snapshot) {
        return;
    }
    m_draftJob.start<ExceptionSeed>(
        tr("Preparing an exception"),
        [snapshot, event, ruleId, ruleName](const std::stop_token&, Progress&) {
            return exceptionSeed(*snapshot, event, ruleId, ruleName);
        },
        [this](Result<ExceptionSeed> seed) {
            if (!seed) {
                Q_EMIT failed(seed.error());
                return;
            }
            (new ExceptionDialog(m_context, std::move(*seed), m_page->window()))->show();
        });
}

void WorkshopActions::draftQuery(std::vector<EventNumber> events)
{
    const auto snapshot = m_context.session.snapshot();
    if (!snapshot) {
        return;
    }
    m_draftJob.start<std::string>(
        tr("Drafting a rule"),
        [snapshot, events = std::move(events)](const std::stop_token& stop, Progress&) {
            return workspace::draftQuery(*snapshot, events, stop);
        },
        [this](const Result<std::string>& query) {
            if (!query) {
                Q_EMIT failed(query.error());
                return;
            }
            m_editor.openScratch(*query);
            Q_EMIT told(tr("A first draft: tune it here, then save it as a rule"));
        });
}

void WorkshopActions::collectEvidence(std::function<void(std::string)> use)
{
    const OpenQuery* query = m_editor.current();
    auto asked = liveRequestOf(m_editor, m_context);
    if (query == nullptr || !query->isRule() || !asked) {
        Q_EMIT told(
            tr("Open a rule and a case: the evidence compares the edit with the saved rule"));
        return;
    }
    // A pull request changes what is saved, whatever is pinned.
    asked->savedText = query->savedText;
    asked->baseline.reset();
    m_evidenceJob.start<std::string>(
        tr("Collecting the evidence"),
        [asked = std::move(*asked), entry = *query->entry](const std::stop_token& stop, Progress&) {
            return writeEvidence(asked, entry, stop);
        },
        [this, use = std::move(use)](Result<std::string> text) {
            if (!text) {
                Q_EMIT failed(text.error());
                return;
            }
            use(std::move(*text));
        });
}

void WorkshopActions::copyEvidence()
{
    collectEvidence([this](const std::string& text) {
        QGuiApplication::clipboard()->setText(text::fromUtf8(text));
        Q_EMIT told(tr("The evidence of the change is in the clipboard, as Markdown"));
    });
}

void WorkshopActions::saveEvidence()
{
    const QString file = QFileDialog::getSaveFileName(
        m_page, tr("Save the evidence"), QStringLiteral("evidence.md"), tr("Markdown (*.md)"));
    if (!file.isEmpty()) {
        writeEvidenceTo(toPath(file));
    }
}

void WorkshopActions::writeEvidenceTo(const std::filesystem::path& file)
{
    collectEvidence([this, file](std::string text) {
        m_fileJob.start<bool>(
            tr("Saving the evidence"),
            [file, text = std::move(text)](const std::stop_token&, Progress&) {
                return writeWhole(file, text);
            },
            [this, file](const Result<bool>& written) {
                if (!written) {
                    Q_EMIT failed(written.error());
                    return;
                }
                Q_EMIT told(tr("Evidence saved to %1").arg(text::visible(file.string())));
            });
    });
}

void WorkshopActions::saveAsRule()
{
    if (m_editor.current() == nullptr) {
        return;
    }
    bool accepted = false;
    const QString name = QInputDialog::getText(m_page, tr("Save as a rule"), tr("Name of the rule"),
                                               QLineEdit::Normal, {}, &accepted);
    if (!accepted || name.trimmed().isEmpty()) {
        return;
    }
    const auto& folders = m_context.session.rulePaths();
    const std::filesystem::path folder =
        folders.empty() || !std::filesystem::is_directory(folders.front()) ? std::filesystem::path()
                                                                           : folders.front();
    const QString file = QFileDialog::getSaveFileName(
        m_page, tr("Save as a rule"),
        text::fromUtf8((folder / fileNameFor(text::toUtf8(name))).string()), tomlFilter(), nullptr,
        QFileDialog::DontConfirmOverwrite);
    if (!file.isEmpty()) {
        saveAsRuleTo(toPath(file), text::toUtf8(name.trimmed()));
    }
}

void WorkshopActions::saveAsRuleTo(const std::filesystem::path& file, const std::string& name)
{
    const OpenQuery* query = m_editor.current();
    if (query == nullptr) {
        return;
    }
    runFileJob(
        tr("Saving a rule"),
        [file, content = workspace::ruleFileText(name, newRuleId(), query->editor->text())] {
            return createRule(file, content);
        },
        file, tr("Saved as %1").arg(text::visible(file.filename().string())));
}

void WorkshopActions::duplicate(const rules::RuleEntry& entry, const std::filesystem::path& to,
                                const std::string& name)
{
    runFileJob(
        tr("Copying a rule"),
        [from = std::filesystem::path(entry.path), to, name, id = newRuleId()] {
            return duplicateRule(from, to, name, id);
        },
        to, tr("Copied to %1").arg(text::visible(to.filename().string())));
}

void WorkshopActions::move(const rules::RuleEntry& entry, const std::filesystem::path& to)
{
    const auto& queries = m_editor.queries();
    const bool isEdited = std::ranges::any_of(queries, [&entry](const auto& query) {
        return query->entry && query->entry->path == entry.path && query->isChanged();
    });
    if (isEdited) {
        Q_EMIT failed(makeError("rule-edited", "the rule has changes that are not saved",
                                "save it with Ctrl+S first"));
        return;
    }
    runFileJob(
        tr("Moving a rule"),
        [from = std::filesystem::path(entry.path), to] { return moveRule(from, to); }, to,
        tr("Moved to %1").arg(text::visible(to.string())));
}

void WorkshopActions::switchRule(const rules::RuleEntry& entry, bool on)
{
    const auto workspace = m_context.session.workspace();
    if (!workspace || !entry.rule) {
        return;
    }
    // What the file says anyway is nothing to remember.
    const std::optional<bool> wish = on == entry.rule->enabled ? std::nullopt : std::optional(on);
    const QString name = text::visible(entry.rule->name);
    m_switchJob.start<bool>(
        tr("Switching a rule"),
        [workspace, id = entry.rule->id, wish](const std::stop_token&, Progress&) -> Result<bool> {
            SEQUELA_TRY(workspace->switchRule(id, wish));
            return true;
        },
        [this, name, on](const Result<bool>& done) {
            if (!done) {
                Q_EMIT failed(done.error());
                return;
            }
            Q_EMIT told(on ? tr("%1 runs on this case").arg(name)
                           : tr("%1 is left out of this case").arg(name));
            m_context.session.runRules();
        });
}

void WorkshopActions::draftFromSelection()
{
    const state::SelectionState& selected = m_context.selection.state();
    std::vector<EventNumber> events;
    if (const detect::Alert* alert = m_context.session.alert(selected.alertId)) {
        for (const detect::AlertStage& stage : alert->stages) {
            if (stage.event) {
                events.push_back(*stage.event);
            }
        }
    }
    // An event outside the alert is what was clicked last.
    if (selected.event && std::ranges::find(events, *selected.event) == events.end()) {
        events = {*selected.event};
    }
    if (events.empty()) {
        Q_EMIT told(tr("Select an event or an alert first: the draft is made of it"));
        return;
    }
    draftQuery(std::move(events));
}

void WorkshopActions::runFileJob(const QString& label, std::function<Result<bool>()> work,
                                 const std::filesystem::path& open, const QString& done)
{
    m_fileJob.start<bool>(
        label, [work = std::move(work)](const std::stop_token&, Progress&) { return work(); },
        [this, open, done](const Result<bool>& result) {
            if (!result) {
                Q_EMIT failed(result.error());
                return;
            }
            Q_EMIT told(done);
            Q_EMIT filesChanged(open);
        });
}

void WorkshopActions::askDuplicate(const rules::RuleEntry& entry)
{
    bool accepted = false;
    const QString name = QInputDialog::getText(
        m_page, tr("Duplicate the rule"), tr("Name of the copy"), QLineEdit::Normal,
        entry.rule ? tr("Copy of %1").arg(text::visible(entry.rule->name)) : QString(), &accepted);
    if (!accepted || name.trimmed().isEmpty()) {
        return;
    }
    const auto folder = std::filesystem::path(entry.path).parent_path();
    const QString file = QFileDialog::getSaveFileName(
        m_page, tr("Duplicate the rule"),
        text::fromUtf8((folder / fileNameFor(text::toUtf8(name))).string()), tomlFilter(), nullptr,
        QFileDialog::DontConfirmOverwrite);
    if (!file.isEmpty()) {
        duplicate(entry, toPath(file), text::toUtf8(name.trimmed()));
    }
}

void WorkshopActions::askRename(const rules::RuleEntry& entry)
{
    const std::filesystem::path path(entry.path);
    bool accepted = false;
    const QString name =
        QInputDialog::getText(m_page, tr("Rename the file"), tr("File name"), QLineEdit::Normal,
                              text::fromUtf8(path.filename().string()), &accepted);
    if (accepted && !name.trimmed().isEmpty()) {
        // A name, not a way to another folder.
        move(entry, path.parent_path() / toPath(name.trimmed()).filename());
    }
}

void WorkshopActions::askFolder(const rules::RuleEntry& entry)
{
    const std::filesystem::path path(entry.path);
    const QString folder = QFileDialog::getExistingDirectory(
        m_page, tr("Move to a folder"), text::fromUtf8(path.parent_path().string()));
    if (!folder.isEmpty()) {
        move(entry, toPath(folder) / path.filename());
    }
}

} // namespace sequela::ui
