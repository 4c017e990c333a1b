#pragma once

#include "ui/editor/line_changes.h"

#include <QWidget>

#include <string>
#include <string_view>

namespace sequela::ui {

class ScintillaView;
class Theme;

/// A text to read, with line numbers and marks beside the lines that differ from @p saved.
class TextView : public QWidget {
    Q_OBJECT

public:
    explicit TextView(Theme& theme, QWidget* parent = nullptr);

    void setText(std::string_view text, std::string_view saved);
    [[nodiscard]] std::string text() const;

private:
    ScintillaView* m_view = nullptr;
};

} // namespace sequela::ui
