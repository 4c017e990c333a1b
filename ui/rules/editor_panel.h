#pragma once

#include "core/rules/rule_file.h"
#include "ui/jobs/job_runner.h"
#include "ui/rules/live_run.h"
#include "ui/rules/schedule_run.h"
#include "ui/rules/version_history.h"
#include "ui/state/context.h"

#include <QFrame>
#include <QPointer>

#include <memory>
#include <optional>
#include <string>
#include <vector>

class QStackedWidget;
class QTabBar;

namespace sequela::ui {

class EmptyState;
class EqlEditor;
class MetadataView;
class Notice;
class QueryStatus;
class RuleTestsView;
class TextView;

/// A query in a tab: of a rule file, or on its own.
struct OpenQuery {
    EqlEditor* editor = nullptr;
    /// Copy of the entry it was opened from; nothing for a query of its own.
    std::optional<rules::RuleEntry> entry;
    /// The whole rule file, for the TOML page; empty until it was read.
    std::string fileText;
    std::string savedText;
    QString title;
    /// The last result that came without an error, with its near misses.
    std::shared_ptr<const LiveResult> result;
    std::shared_ptr<const std::optional<ListedMisses>> nearMisses;
    std::shared_ptr<const workspace::ClauseReport> clauses;
    std::shared_ptr<const Baseline> baseline;
    std::shared_ptr<const ScheduleResult> schedule;
    VersionHistory versions;

    [[nodiscard]] bool isRule() const { return entry && entry->rule; }
    /// Whether the query can be edited and run: a rule in EQL, or a query of its own.
    [[nodiscard]] bool isRunnable() const;
    [[nodiscard]] bool isChanged() const;
};

/// Tabs of queries with their pages: query, metadata, TOML, tests. Opens, saves, reverts; running
/// is the workspace's business.
class EditorPanel : public QFrame {
    Q_OBJECT

public:
    explicit EditorPanel(const state::Context& context, QWidget* parent = nullptr);
    ~EditorPanel() override;

    /// Shows the entry, in the current tab if nothing was changed there.
    void openEntry(const rules::RuleEntry& entry);
    void openScratch(const std::string& text);
    /// Null while no tab is open.
    [[nodiscard]] OpenQuery* current() const;
    [[nodiscard]] const std::vector<std::unique_ptr<OpenQuery>>& queries() const
    {
        return m_queries;
    }
    [[nodiscard]] QueryStatus& status() { return *m_status; }
    [[nodiscard]] RuleTestsView& tests() { return *m_tests; }
    void showPage(int page);
    /// Binds all editors to the session's case.
    void refreshLanguage();
    /// Takes over the entries of a rule set that was loaded anew.
    void refreshEntries();

public Q_SLOTS:
    void save();
    void revert();
    void closeCurrent();

Q_SIGNALS:
    /// Another tab is shown, or none.
    void currentChanged();
    /// The text of the current tab is another.
    void edited();
    void runRequested();
    void newRequested();
    /// A rule file was written.
    void saved();
    void noteActivated(std::size_t offset);

private:
    void buildHeader();
    EqlEditor* makeEditor();
    OpenQuery& tabFor(bool reuse);
    void activate(int index);
    void closeTab(int index);
    void updateTitles();
    void updatePages();
    void readFile(OpenQuery& query);
    void offerMerge();
    void mergeWithFile();
    void overwriteFile();
    void answerValues(EqlEditor* editor, const std::string& field);
    void applyLanguage(OpenQuery& query);
    [[nodiscard]] int indexOf(const OpenQuery* query) const;

    state::Context m_context;
    std::vector<std::unique_ptr<OpenQuery>> m_queries;
    QTabBar* m_tabs = nullptr;
    QTabBar* m_pageTabs = nullptr;
    QStackedWidget* m_pages = nullptr;
    QStackedWidget* m_editors = nullptr;
    EmptyState* m_empty = nullptr;
    MetadataView* m_metadata = nullptr;
    TextView* m_toml = nullptr;
    RuleTestsView* m_tests = nullptr;
    QueryStatus* m_status = nullptr;
    Notice* m_notice = nullptr;
    int m_scratchCount = 0;
    bool m_switching = false;
    JobRunner m_readJob;
    JobRunner m_saveJob;
    JobRunner m_valuesJob;
};

} // namespace sequela::ui
