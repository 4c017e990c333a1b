#pragma once

#include "core/base/diagnostic.h"
#include "core/eql/dialect.h"
#include "ui/editor/line_changes.h"
#include "ui/editor/query_text.h"

#include <Qsci/qscilexercustom.h>
#include <Qsci/qsciscintilla.h>

#include <string>
#include <string_view>
#include <vector>

/// The part of the editor that knows QScintilla; included inside ui/editor only.
namespace sequela::ui {

class Theme;

/// Colours the text with the engine's own tokens, or leaves it plain.
class QueryLexer : public QsciLexerCustom {
    Q_OBJECT

public:
    QueryLexer(Theme& theme, QObject* parent);

    void setDialect(eql::Dialect dialect) { m_dialect = dialect; }
    void setPlain(bool plain) { m_plain = plain; }
    void applyTheme();

    const char* language() const override { return "EQL"; }
    QString description(int style) const override;
    void styleText(int start, int end) override;

private:
    Theme& m_theme;
    eql::Dialect m_dialect = eql::Dialect::Elasticsearch;
    bool m_plain = false;
};

/// A QScintilla widget in the looks of the window. Positions are bytes of UTF-8.
class ScintillaView : public QsciScintilla {
    Q_OBJECT

public:
    explicit ScintillaView(Theme& theme, QWidget* parent = nullptr);

    [[nodiscard]] QueryLexer& queryLexer() { return *m_lexer; }
    [[nodiscard]] std::string utf8() const;
    void setUtf8(std::string_view text);
    /// One step of undo.
    void replaceSpan(SourceSpan span, std::string_view replacement);
    [[nodiscard]] std::size_t caret() const;
    void setCaret(std::size_t offset);
    [[nodiscard]] int lineOf(std::size_t offset) const;
    /// Of a byte, or of the top of its line, in the viewport.
    [[nodiscard]] QPoint pointOf(std::size_t offset) const;
    [[nodiscard]] int lineHeight() const;
    /// Byte under a point of the viewport; nothing if there is no text there.
    [[nodiscard]] std::optional<std::size_t> offsetAt(QPoint point) const;

    void setSquiggles(const std::vector<Diagnostic>& diagnostics);
    void setLineChanges(const std::vector<LineChange>& changes);

Q_SIGNALS:
    /// The mouse rests over a byte of the text; @p global is where.
    void hovered(std::size_t offset, const QPoint& global);
    void hoverEnded();

protected:
    bool viewportEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void applyTheme();
    void releaseWindowKeys();

    Theme& m_theme;
    QueryLexer* m_lexer = nullptr;
};

} // namespace sequela::ui
