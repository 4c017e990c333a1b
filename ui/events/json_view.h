#pragma once

#include <QPlainTextEdit>

#include <string_view>

namespace sequela::ui {

class Theme;

/// A document as laid out, coloured, read-only JSON. Plain text: what the document holds is shown,
/// never obeyed.
class JsonView : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit JsonView(Theme& theme, QWidget* parent = nullptr);

    /// Bytes shown at most; the rest is announced, not lost (copying takes all).
    static constexpr std::size_t maxShownBytes = std::size_t{1} << 20U;

    void setDocumentText(std::string_view json);
};

} // namespace sequela::ui
