#include "ui/theme/style_sheet.h"

namespace sequela::ui {

namespace {

// `@name` stands for the colour of a token.
const char* const sheetTemplate = R"(
QWidget { color: @text; }
QMainWindow, QDialog { background: @background; }
QMainWindow::separator { background: @background; width: 4px; height: 4px; }
QMainWindow::separator:hover { background: @accent; }
QSplitter::handle { background: @background; }
QSplitter::handle:hover { background: @accent; }
QToolTip { background: @raised; color: @text; border: 1px solid @line; padding: 4px 6px; }

QMenuBar { background: @panel; border: none; border-bottom: 1px solid @line; padding: 1px 6px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: @hover; }
QMenu { background: @raised; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: @selected; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @line; margin: 4px 6px; }
QMenu::icon { padding-left: 6px; }
QMenu::indicator { width: 12px; height: 12px; margin-left: 6px; }

QStatusBar { background: @panel; border-top: 1px solid @line; color: @muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: @muted; }

*[class="panel"] { background: @panel; border: 1px solid @line; }
*[class="panelHeader"] { background: @raised; border: 1px solid @line; }
*[class="panelBody"] { background: @panel; border: 1px solid @line; border-top: none; }
*[class="noticeBar"] { background: @raised; border: none; border-bottom: 1px solid @line; }
QDockWidget { border: none; }
*[class="toolBar"] { background: @panel; border: none; border-bottom: 1px solid @line; }
*[class="plain"] { background: @panel; border: none; }
QLabel[class="panelTitle"] { font-weight: 600; }
QLabel[class="muted"] { color: @muted; }
QLabel[class="pill"] { background: @panel; border: 1px solid @line; border-radius: 8px;
    padding: 0px 7px; }
QLabel[class="chip"] { background: @raised; border: 1px solid @line; border-radius: 4px;
    padding: 1px 6px; }
QLabel[class="notice"] { background: @raised; border: 1px solid @line; border-radius: 4px;
    padding: 6px 8px; }
QFrame[class="card"] { background: @panel; border: 1px solid @line; border-radius: 3px; }
QFrame[class="card"]:hover { border-color: @accent; }

QPushButton, QToolButton { background: @raised; border: 1px solid @line; border-radius: 5px;
    padding: 4px 10px; }
QPushButton:hover, QToolButton:hover { background: @hover; border-color: @muted; }
QPushButton:pressed, QToolButton:pressed { background: @selected; }
QPushButton:focus, QToolButton:focus { border-color: @accent; }
QPushButton:disabled, QToolButton:disabled { color: @muted; background: @panel; }
QPushButton[class="compact"] { padding: 3px 4px; }
QPushButton[class="tag"] { border-radius: 4px; padding: 1px 6px; }
QPushButton[class="primary"] { background: @selected; border-color: @accent; color: @accent; }
QPushButton:checked, QToolButton:checked { background: @selected; border-color: @accent;
    color: @accent; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0px; }
QToolButton[class="flat"], QPushButton[class="flat"] { background: transparent;
    border: 1px solid transparent; padding: 2px 4px; color: @muted; }
QToolButton[class="flat"]:hover, QPushButton[class="flat"]:hover { background: @hover;
    color: @text; }
QToolButton[class="flat"]:focus, QPushButton[class="flat"]:focus { border-color: @accent; }
QToolButton[class="flat"]:checked { color: @accent; background: @selected; }
QToolButton[class="link"], QPushButton[class="link"] { background: transparent; border: none;
    padding: 2px 2px; color: @accent; text-align: left; }
QToolButton[class="link"]:hover, QPushButton[class="link"]:hover,
QPushButton[class="link"]:focus { text-decoration: underline; }

QPushButton[class="missTitle"] { background: transparent; border: none; padding: 1px 0px;
    color: @text; font-weight: 600; text-align: left; }
QPushButton[class="missTitle"]:hover, QPushButton[class="missTitle"]:focus { color: @accent; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QComboBox { background: @panel;
    border: 1px solid @line; border-radius: 5px; padding: 3px 7px;
    selection-background-color: @selected; selection-color: @text; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus,
QComboBox:focus { border-color: @accent; }
QPlainTextEdit[class="bare"], QTextEdit[class="bare"] { border: none; border-radius: 0; }
QComboBox::drop-down { border: none; width: 16px; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @line; }
QCheckBox { spacing: 6px; }
QCheckBox::indicator, QAbstractItemView::indicator { width: 12px; height: 12px; border: 1px solid @muted; border-radius: 3px;
    background: @panel; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { background: @accent; border-color: @accent; }
QCheckBox::indicator:focus { border-color: @accent; }

QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: @muted; border: none; padding: 5px 10px 4px 10px;
    border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabBar::tab:focus { color: @accent; }

QAbstractItemView { background: @panel; border: none; outline: none;
    alternate-background-color: @panel; selection-background-color: @selected;
    selection-color: @text; }
QAbstractScrollArea { background: @panel; border: none; }
QPlainTextEdit[class="field"] { border: 1px solid @line; border-radius: 5px; padding: 1px 3px; }
QPlainTextEdit[class="field"]:focus { border-color: @accent; }
QScrollArea > QWidget > QWidget { background: @panel; }
QHeaderView { background: @raised; border: none; }
QHeaderView::section { background: @raised; color: @muted; border: none;
    border-bottom: 1px solid @line; padding: 0px 8px; }
QHeaderView::section:hover { color: @text; }
QTableCornerButton::section { background: @raised; border: none; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: transparent; border: none; width: 0; height: 0; }
QAbstractScrollArea::corner { background: @panel; }

QProgressBar { background: @raised; border: 1px solid @line; border-radius: 3px; height: 6px;
    text-align: center; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
)";

} // namespace

QString styleSheet(ColorScheme scheme)
{
    QString sheet = QString::fromLatin1(sheetTemplate);
    for (int index = 0; index < tokenCount; ++index) {
        const auto token = static_cast<Token>(index);
        sheet.replace(QLatin1Char('@') + QLatin1String(tokenName(token)),
                      tokenColor(scheme, token).name());
    }
    return sheet;
}

} // namespace sequela::ui
