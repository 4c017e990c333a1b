#pragma once

#include "core/base/diagnostic.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"

#include <QFrame>
#include <QStringList>
#include <QTimer>

#include <cstdint>
#include <vector>

class QLabel;
class QMenu;
class QToolButton;

namespace sequela::ui {

class FilterCompletion;
class FilterLine;

/// What the filter bar says about its text, by colour, icon and words.
enum class FilterVerdict : std::uint8_t { Empty, Checking, Valid, Suspicious, Wrong };

/// The EQL condition that decides which events the window shows. Checked while typing, applied with
/// Return.
class FilterBar : public QFrame {
    Q_OBJECT

public:
    explicit FilterBar(state::Context& context, QWidget* parent = nullptr);

    void focusText();
    [[nodiscard]] FilterCompletion& completion() { return *m_completion; }
    void setText(const QString& text);
    [[nodiscard]] QString text() const;
    void apply();
    void clearFilter();
    [[nodiscard]] FilterVerdict verdict() const { return m_verdict; }
    [[nodiscard]] QString message() const;

    [[nodiscard]] QStringList history() const { return m_history; }
    void setHistory(const QStringList& history);
    /// Filters the analyst keeps, in the order kept; they stay until they are forgotten.
    [[nodiscard]] QStringList savedFilters() const { return m_saved; }
    void setSavedFilters(const QStringList& filters) { m_saved = filters; }
    /// Keeps the text of the bar, or forgets it if it is kept already. Nothing for an empty bar.
    void toggleSaved();
    /// The menu of kept and recent filters; the caller shows it.
    void populateHistory(QMenu& menu);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    static constexpr int checkDelayMs = 120;
    static constexpr qsizetype maxHistory = 30;

    void layOutMessage();
    void check();
    void takeAnswer(const std::vector<Diagnostic>& diagnostics, std::uint64_t eventCount);
    void setVerdict(FilterVerdict verdict, const QString& message);
    void followSession();
    void remember(const QString& text);
    void showHistory();
    void addEntry(QMenu& menu, const QString& filter);

    state::Context& m_context;
    QLabel* m_icon = nullptr;
    FilterLine* m_line = nullptr;
    FilterCompletion* m_completion = nullptr;
    QLabel* m_message = nullptr;
    QToolButton* m_historyButton = nullptr;
    QToolButton* m_clearButton = nullptr;
    FilterVerdict m_verdict = FilterVerdict::Empty;
    QStringList m_history;
    QStringList m_saved;
    QString m_wholeMessage;
    QTimer m_delay;
    JobRunner m_job;
};

} // namespace sequela::ui
