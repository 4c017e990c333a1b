#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/binder.h"
#include "core/schema/field_catalog.h"
#include "ui/editor/clause_margin.h"
#include "ui/editor/completion.h"
#include "ui/state/value_counts.h"

#include <QLabel>
#include <QWidget>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sequela::ui {

class ClauseMargin;
class CompletionPopup;
class FindBar;
class ProblemLine;
class ScintillaView;
class Theme;

/// The query editor: colours by the engine's lexer, problems where they are with their fixes,
/// completion from the language and from the open case, counts beside the clauses. It checks each
/// key stroke at once; running the query is its owner's business. Texts and offsets are UTF-8
/// bytes. GUI thread only.
///
/// Keys: Ctrl+Space complete, Alt+Enter fix, F8 next problem, Ctrl+/ comment, Ctrl+Enter run,
/// Ctrl+F find and replace, Ctrl+Shift+F format, F1 or F12 the card of the field or function.
class EqlEditor : public QWidget {
    Q_OBJECT

public:
    explicit EqlEditor(Theme& theme, QWidget* parent = nullptr);
    ~EqlEditor() override;

    /// Another text; forgets what could be undone.
    void setText(std::string_view text);
    [[nodiscard]] std::string text() const;
    /// Another text as one step that can be undone.
    void replaceText(std::string_view text);
    /// What the change marks beside the lines compare with.
    void setSavedText(std::string_view text);
    /// How the text is checked; @p catalog null: no case, syntax only.
    void setLanguage(const eql::BindOptions& options,
                     std::shared_ptr<const schema::FieldCatalog> catalog, std::uint64_t eventCount);
    /// Answers `valuesWanted`; kept until the next setLanguage.
    void setValues(state::ValueCounts values);

    /// Everything that is wrong with the text as it is now, in order of position.
    [[nodiscard]] const std::vector<Diagnostic>& problems() const { return m_problems; }
    /// Adds what took longer to find out; dropped unless @p ofText is still the text, and with the
    /// next key stroke.
    void addProblems(std::string_view ofText, std::vector<Diagnostic> problems);
    void setNotes(std::vector<LineNote> notes);
    void setNotesStale(bool stale);
    [[nodiscard]] const ClauseMargin& clauseMargin() const { return *m_margin; }

    [[nodiscard]] std::size_t caret() const;
    void setCaret(std::size_t offset);
    /// Byte ranges with a squiggle of the severity (Error or Warning).
    [[nodiscard]] std::vector<SourceSpan> squiggles(Severity severity) const;
    /// QueryStyle of a byte.
    [[nodiscard]] int styleAt(std::size_t offset) const;
    [[nodiscard]] bool isCompleting() const;
    /// What the open list offers; empty while it is closed.
    [[nodiscard]] std::vector<Completion> completions() const;
    /// Text of the card over the field or function at a byte; empty if there is none.
    [[nodiscard]] QString cardAt(std::size_t offset);
    [[nodiscard]] bool canUndo() const;
    /// The widget that takes the key strokes.
    [[nodiscard]] QWidget* keyboardWidget() const;

public Q_SLOTS:
    void complete();
    void applyFix();
    void nextProblem();
    void toggleComment();
    void format();
    void find();
    void findNext();
    void undo();
    void redo();
    void zoomIn();
    void zoomOut();
    void showCard();

Q_SIGNALS:
    /// The text is another; `problems()` are those of the new one.
    void edited();
    void runRequested();
    /// The values of a field are needed for completion or a card; answer with setValues.
    void valuesWanted(const std::string& field);
    /// A count beside a clause was clicked.
    void noteActivated(std::size_t offset);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void onTextChanged();
    void check();
    void showProblem();
    [[nodiscard]] std::size_t problemAtCaret() const;
    bool handleKey(QKeyEvent* event);
    [[nodiscard]] static bool isOwnKey(const QKeyEvent& event);
    void openCompletion(bool asked);
    void closeCompletion();
    void acceptCompletion(int row);
    void showCardAt(std::size_t offset, QPoint global);
    [[nodiscard]] QString fieldCard(const std::string& path);

    Theme& m_theme;
    ScintillaView* m_view = nullptr;
    ClauseMargin* m_margin = nullptr;
    FindBar* m_findBar = nullptr;
    ProblemLine* m_problemLine = nullptr;
    CompletionPopup* m_popup = nullptr;
    QLabel* m_card = nullptr;
    eql::BindOptions m_options;
    std::shared_ptr<const schema::FieldCatalog> m_catalog;
    std::uint64_t m_eventCount = 0;
    std::vector<Diagnostic> m_problems;
    std::string m_savedText;
    std::map<std::string, state::ValueCounts> m_values;
    CompletionList m_completions;
    /// The list is shown because the user asked for it, even with nothing typed.
    bool m_completionAsked = false;
    std::size_t m_cardOffset = 0;
    bool m_loading = false;
};

} // namespace sequela::ui
