#include "ui/rules/editor_panel.h"

#include "core/rules/rule_set.h"
#include "core/workspace/text_merge.h"
#include "ui/editor/eql_editor.h"
#include "ui/editor/text_view.h"
#include "ui/rules/metadata_view.h"
#include "ui/rules/query_status.h"
#include "ui/rules/rule_saving.h"
#include "ui/rules/rule_tests_view.h"
#include "ui/state/case_session.h"
#include "ui/state/value_counts.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/notice.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <filesystem>

namespace sequela::ui {

namespace {

enum Page : int { QueryPage, MetadataPage, TomlPage, TestsPage };
/// Values offered for a field.
constexpr std::size_t offeredValues = 100;

} // namespace

bool OpenQuery::isRunnable() const
{
    return !entry || (entry->rule && entry->status == rules::RuleStatus::Loaded);
}

bool OpenQuery::isChanged() const
{
    return isRunnable() && editor->text() != savedText;
}

EditorPanel::EditorPanel(const state::Context& context, QWidget* parent)
    : QFrame(parent),
      m_context(context),
      m_tabs(new QTabBar(this)),
      m_pageTabs(new QTabBar(this)),
      m_pages(new QStackedWidget(this)),
      m_editors(new QStackedWidget(this)),
      m_empty(new EmptyState(context.theme, QStringLiteral("rules"), this)),
      m_metadata(new MetadataView(context, this)),
      m_toml(new TextView(context.theme, this)),
      m_tests(new RuleTestsView(context, this)),
      m_status(new QueryStatus(context, this)),
      m_notice(new Notice(context.theme, this)),
      m_readJob(nullptr),
      m_saveJob(&context.jobs),
      m_valuesJob(nullptr)
{
    setProperty("class", QStringLiteral("panel"));
    buildHeader();
    m_editors->addWidget(m_empty);
    m_empty->setText(tr("No rule is open"),
                     tr("Choose a rule at the left, or start a query of your own (Ctrl+N)."));
    m_pages->addWidget(m_editors);
    m_pages->addWidget(m_metadata);
    m_pages->addWidget(m_toml);
    m_pages->addWidget(m_tests);
    auto* layout = static_cast<QVBoxLayout*>(this->layout());
    layout->addWidget(m_notice);
    layout->addWidget(m_pages, 1);
    layout->addWidget(m_status);
    connect(m_tests, &RuleTestsView::finished, this, [this](std::size_t passed, std::size_t total) {
        m_pageTabs->setTabText(TestsPage, total == 0 ? tr("Tests")
                                          : passed == total
                                              ? tr("Tests %1").arg(total)
                                              : tr("Tests %1/%2 ✗").arg(passed).arg(total));
    });
    updatePages();
}

EditorPanel::~EditorPanel()
{
    // Editors tell of their end through signals; nobody is to hear them.
    m_tabs->disconnect(this);
}

void EditorPanel::buildHeader()
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    auto* header = new QFrame(this);
    header->setProperty("class", QStringLiteral("panelHeader"));
    header->setFixedHeight(metrics::panelHeaderHeight);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(4, 0, 4, 0);
    row->setSpacing(4);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setElideMode(Qt::ElideMiddle);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->setTabsClosable(false);
    m_tabs->setAccessibleName(tr("Open queries"));
    m_pageTabs->setDrawBase(false);
    m_pageTabs->setExpanding(false);
    m_pageTabs->setUsesScrollButtons(false);
    m_pageTabs->setAccessibleName(tr("Views of the rule"));
    for (const QString& label : {tr("Query"), tr("Metadata"), tr("TOML"), tr("Tests")}) {
        m_pageTabs->addTab(label);
    }
    auto* add = new QToolButton(header);
    add->setProperty("class", QStringLiteral("flat"));
    add->setText(QStringLiteral("+"));
    add->setToolTip(tr("New query (Ctrl+N)"));
    add->setAccessibleName(tr("New query"));
    row->addWidget(m_tabs, 1);
    row->addWidget(add);
    row->addWidget(m_pageTabs);
    layout->addWidget(header);
    connect(add, &QToolButton::clicked, this, &EditorPanel::newRequested);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        if (!m_switching) {
            activate(index);
        }
    });
    connect(m_pageTabs, &QTabBar::currentChanged, this, [this] { updatePages(); });
}

OpenQuery* EditorPanel::current() const
{
    const int index = m_tabs->currentIndex();
    return index >= 0 && index < static_cast<int>(m_queries.size())
               ? m_queries[static_cast<std::size_t>(index)].get()
               : nullptr;
}

int EditorPanel::indexOf(const OpenQuery* query) const
{
    const auto found = std::ranges::find(m_queries, query, &std::unique_ptr<OpenQuery>::get);
    return found == m_queries.end() ? -1 : static_cast<int>(found - m_queries.begin());
}

EqlEditor* EditorPanel::makeEditor()
{
    auto* editor = new EqlEditor(m_context.theme, m_editors);
    m_editors->addWidget(editor);
    connect(editor, &EqlEditor::edited, this, [this, editor] {
        if (!m_switching && current() != nullptr && current()->editor == editor) {
            updateTitles();
            Q_EMIT edited();
        }
    });
    connect(editor, &EqlEditor::runRequested, this, &EditorPanel::runRequested);
    connect(editor, &EqlEditor::noteActivated, this, &EditorPanel::noteActivated);
    connect(editor, &EqlEditor::valuesWanted, this,
            [this, editor](const std::string& field) { answerValues(editor, field); });
    return editor;
}

void EditorPanel::answerValues(EqlEditor* editor, const std::string& field)
{
    const auto snapshot = m_context.session.snapshot();
    if (!snapshot) {
        return;
    }
    m_valuesJob.start<state::ValueCounts>(
        tr("Counting values"),
        [snapshot, field](const std::stop_token& stop, Progress&) {
            return state::countValues(*snapshot->events, field, nullptr, offeredValues, stop);
        },
        [target = QPointer<EqlEditor>(editor)](Result<state::ValueCounts> values) {
            if (target && values) {
                target->setValues(std::move(*values));
            }
        });
}

OpenQuery& EditorPanel::tabFor(bool reuse)
{
    OpenQuery* query = current();
    if (!reuse || query == nullptr || !query->entry || query->isChanged()) {
        auto made = std::make_unique<OpenQuery>();
        made->editor = makeEditor();
        query = made.get();
        m_queries.push_back(std::move(made));
        m_switching = true;
        m_tabs->setCurrentIndex(m_tabs->addTab(QString()));
        m_switching = false;
        return *query;
    }
    EqlEditor* editor = query->editor;
    *query = OpenQuery{};
    query->editor = editor;
    return *query;
}

void EditorPanel::openEntry(const rules::RuleEntry& entry)
{
    for (std::size_t index = 0; index < m_queries.size(); ++index) {
        const auto& open = m_queries[index]->entry;
        if (open && open->path == entry.path && open->exportLine == entry.exportLine) {
            activate(static_cast<int>(index));
            return;
        }
    }
    OpenQuery& query = tabFor(true);
    query.entry = entry;
    query.title = text::visible(std::filesystem::path(entry.path).filename().string());
    query.savedText = entry.rule ? entry.rule->query.text : std::string();
    m_switching = true;
    query.editor->setText(query.savedText);
    query.editor->setSavedText(query.savedText);
    m_switching = false;
    applyLanguage(query);
    activate(indexOf(&query));
}

void EditorPanel::openScratch(const std::string& text)
{
    OpenQuery& query = tabFor(false);
    ++m_scratchCount;
    query.title = m_scratchCount == 1 ? tr("Query") : tr("Query %1").arg(m_scratchCount);
    m_switching = true;
    query.editor->setText(text);
    query.editor->setSavedText(text);
    m_switching = false;
    applyLanguage(query);
    m_pageTabs->setCurrentIndex(QueryPage);
    activate(indexOf(&query));
    query.editor->setCaret(text.size());
    query.editor->setFocus(Qt::OtherFocusReason);
}

void EditorPanel::activate(int index)
{
    m_switching = true;
    m_tabs->setCurrentIndex(index);
    m_switching = false;
    m_notice->clear();
    updateTitles();
    updatePages();
    if (OpenQuery* query = current(); query != nullptr && query->fileText.empty()) {
        readFile(*query);
    }
    Q_EMIT currentChanged();
}

void EditorPanel::closeCurrent()
{
    if (m_tabs->currentIndex() >= 0) {
        closeTab(m_tabs->currentIndex());
    }
}

void EditorPanel::closeTab(int index)
{
    const auto& query = m_queries[static_cast<std::size_t>(index)];
    if (query->isChanged() && query->entry && m_notice->text().isEmpty()) {
        m_notice->showRemark(tr("The query was changed and is not saved. Save it with Ctrl+S, or "
                                "close the tab again to drop the change."));
        return;
    }
    m_switching = true;
    m_editors->removeWidget(query->editor);
    query->editor->deleteLater();
    m_queries.erase(m_queries.begin() + index);
    m_tabs->removeTab(index);
    m_switching = false;
    activate(m_tabs->currentIndex());
}

void EditorPanel::updateTitles()
{
    for (std::size_t index = 0; index < m_queries.size(); ++index) {
        const OpenQuery& query = *m_queries[index];
        QString title = query.title;
        if (query.isChanged() && query.entry) {
            title += QStringLiteral(" •");
        }
        // Setting a text lays the whole bar out anew, even for the same text.
        if (const int tab = static_cast<int>(index); m_tabs->tabText(tab) != title) {
            m_tabs->setTabText(tab, title);
        }
    }
}

void EditorPanel::updatePages()
{
    OpenQuery* query = current();
    m_editors->setCurrentWidget(query == nullptr ? static_cast<QWidget*>(m_empty) : query->editor);
    m_pageTabs->setVisible(query != nullptr && query->entry.has_value());
    int page = m_pageTabs->currentIndex();
    if (query == nullptr || !query->entry) {
        page = QueryPage;
    } else if (!query->isRunnable() && page == QueryPage) {
        // There is no query in EQL to show; what is wrong stands in the metadata.
        page = query->entry->rule ? TomlPage : MetadataPage;
    }
    if (page == MetadataPage) {
        m_metadata->setEntry(query->entry ? &*query->entry : nullptr);
    }
    if (page == TomlPage && query->entry) {
        const auto replaced = query->isChanged()
                                  ? rules::replaceQuery(query->fileText, query->editor->text())
                                  : Result<std::string>(query->fileText);
        m_toml->setText(replaced ? *replaced : query->fileText, query->fileText);
        if (!replaced) {
            m_notice->show(replaced.error());
        }
    }
    m_pages->setCurrentIndex(page);
}

void EditorPanel::showPage(int page)
{
    m_pageTabs->setCurrentIndex(page);
}

void EditorPanel::readFile(OpenQuery& query)
{
    if (!query.entry) {
        return;
    }
    m_readJob.start<std::string>(
        tr("Reading the rule"),
        [path = query.entry->path](const std::stop_token&, Progress&) {
            return rules::readRuleText(path);
        },
        [this, path = query.entry->path](Result<std::string> content) {
            for (const auto& open : m_queries) {
                if (open->entry && open->entry->path == path && content) {
                    open->fileText = *content;
                }
            }
            if (!content) {
                m_notice->show(content.error());
            }
            updatePages();
        });
}

void EditorPanel::applyLanguage(OpenQuery& query)
{
    const auto snapshot = m_context.session.snapshot();
    const eql::BindOptions options =
        query.isRule() ? detect::bindOptionsOf(*query.entry->rule) : eql::BindOptions{};
    query.editor->setLanguage(options, snapshot ? snapshot->catalog : nullptr,
                              snapshot ? snapshot->events->eventCount() : 0);
}

void EditorPanel::refreshLanguage()
{
    for (const auto& query : m_queries) {
        applyLanguage(*query);
    }
}

void EditorPanel::refreshEntries()
{
    const auto rules = m_context.session.rules();
    if (!rules) {
        return;
    }
    for (const auto& query : m_queries) {
        if (!query->entry) {
            continue;
        }
        const auto found =
            std::ranges::find_if(rules->entries(), [&query](const rules::RuleEntry& entry) {
                return entry.path == query->entry->path
                       && entry.exportLine == query->entry->exportLine;
            });
        if (found == rules->entries().end()) {
            continue;
        }
        const bool wasChanged = query->isChanged();
        query->entry = *found;
        const std::string onDisk = found->rule ? found->rule->query.text : std::string();
        if (!wasChanged && onDisk != query->editor->text()) {
            query->savedText = onDisk;
            query->editor->setText(onDisk);
        }
        if (!wasChanged) {
            query->savedText = onDisk;
            query->editor->setSavedText(onDisk);
            readFile(*query);
        }
    }
    updateTitles();
    updatePages();
}

void EditorPanel::save()
{
    OpenQuery* query = current();
    if (query == nullptr || !query->isRule() || !query->isChanged()) {
        return;
    }
    if (query->entry->exportLine > 0) {
        m_notice->showRemark(tr("Rules of an export cannot be written back; copy the query into a "
                                "rule file."));
        return;
    }
    const std::string edited = query->editor->text();
    m_saveJob.start<std::string>(
        tr("Saving the rule"),
        [path = query->entry->path, before = query->savedText,
         edited](const std::stop_token&, Progress&) { return saveRuleQuery(path, before, edited); },
        [this, path = query->entry->path, edited](Result<std::string> written) {
            if (!written && written.error().code == "rule-changed-outside") {
                offerMerge();
                return;
            }
            if (!written) {
                m_notice->show(written.error());
                return;
            }
            for (const auto& open : m_queries) {
                if (open->entry && open->entry->path == path) {
                    open->savedText = edited;
                    open->fileText = *written;
                    open->editor->setSavedText(edited);
                }
            }
            m_notice->clear();
            updateTitles();
            updatePages();
            Q_EMIT saved();
        });
}

void EditorPanel::offerMerge()
{
    m_notice->ask(
        tr("Another program changed the query in the file since it was opened here."),
        {{QStringLiteral("merge.both"), tr("Bring both together"), [this] { mergeWithFile(); }},
         {QStringLiteral("merge.theirs"), tr("Take the file's"), [this] { revert(); }},
         {QStringLiteral("merge.mine"), tr("Write mine over it"), [this] { overwriteFile(); }}});
}

void EditorPanel::mergeWithFile()
{
    const OpenQuery* query = current();
    if (query == nullptr || !query->isRule()) {
        return;
    }
    struct Merged {
        workspace::MergedText merged;
        std::string theirs;
        std::string file;
    };
    m_readJob.start<Merged>(
        tr("Merging the rule"),
        [path = query->entry->path, base = query->savedText,
         mine = query->editor->text()](const std::stop_token&, Progress&) -> Result<Merged> {
            auto content = rules::readRuleText(path);
            if (!content) {
                return std::unexpected(std::move(content).error());
            }
            const rules::RuleEntry onDisk = rules::readRuleToml(*content, path);
            const std::string theirs = onDisk.rule ? onDisk.rule->query.text : base;
            return Merged{workspace::mergeTexts(base, mine, theirs), theirs, std::move(*content)};
        },
        [this, path = query->entry->path](const Result<Merged>& result) {
            OpenQuery* open = current();
            if (!result) {
                m_notice->show(result.error());
                return;
            }
            if (open == nullptr || !open->entry || open->entry->path != path) {
                return;
            }
            open->savedText = result->theirs;
            open->fileText = result->file;
            open->editor->setSavedText(result->theirs);
            open->editor->replaceText(result->merged.text);
            const std::size_t conflicts = result->merged.conflictCount;
            m_notice->showRemark(
                conflicts == 0
                    ? tr("Both changes are in the editor; save with Ctrl+S.")
                    : tr("%1 changed on both sides: your lines stand, the file's follow as "
                         "comments. Settle them, then save with Ctrl+S.")
                          .arg(text::counted(conflicts, tr("place"))));
            updateTitles();
            updatePages();
            Q_EMIT currentChanged();
        });
}

void EditorPanel::overwriteFile()
{
    const OpenQuery* query = current();
    if (query == nullptr || !query->isRule()) {
        return;
    }
    m_readJob.start<std::string>(
        tr("Reading the rule"),
        [path = query->entry->path](const std::stop_token&, Progress&) -> Result<std::string> {
            auto content = rules::readRuleText(path);
            if (!content) {
                return content;
            }
            const rules::RuleEntry onDisk = rules::readRuleToml(*content, path);
            return onDisk.rule ? onDisk.rule->query.text : std::string();
        },
        [this, path = query->entry->path](const Result<std::string>& theirs) {
            OpenQuery* open = current();
            if (!theirs) {
                m_notice->show(theirs.error());
            } else if (open != nullptr && open->entry && open->entry->path == path) {
                // What is in the file now is what is written over, knowingly.
                open->savedText = *theirs;
                save();
            }
        });
}

void EditorPanel::revert()
{
    OpenQuery* query = current();
    if (query == nullptr || !query->isRule()) {
        return;
    }
    // From the file, not from memory: another program may have changed it.
    m_readJob.start<std::string>(
        tr("Reading the rule"),
        [path = query->entry->path](const std::stop_token&, Progress&) {
            return rules::readRuleText(path);
        },
        [this, path = query->entry->path](Result<std::string> content) {
            OpenQuery* open = current();
            if (!content) {
                m_notice->show(content.error());
                return;
            }
            if (open == nullptr || !open->entry || open->entry->path != path) {
                return;
            }
            if (open->entry->exportLine == 0) {
                const rules::RuleEntry onDisk = rules::readRuleToml(*content, path);
                if (onDisk.rule) {
                    open->savedText = onDisk.rule->query.text;
                }
            }
            open->fileText = std::move(*content);
            open->editor->setText(open->savedText);
            open->editor->setSavedText(open->savedText);
            m_notice->clear();
            updateTitles();
            updatePages();
        });
}

} // namespace sequela::ui
