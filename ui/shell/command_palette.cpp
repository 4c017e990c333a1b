#include "ui/shell/command_palette.h"

#include "ui/theme/theme.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QVBoxLayout>

#include <algorithm>

namespace sequela::ui {

namespace {
constexpr int paletteWidth = 520;
constexpr int paletteHeight = 380;
} // namespace

QString commandName(const QAction& action)
{
    QString name = action.text();
    name.remove(QLatin1Char('&'));
    return name;
}

CommandPalette::CommandPalette(Theme& theme, const QList<QAction*>& actions, QWidget* parent)
    : QFrame(parent, Qt::Popup),
      m_theme(theme),
      m_actions(actions),
      m_input(new QLineEdit(this)),
      m_list(new QListWidget(this))
{
    setProperty("class", QStringLiteral("panel"));
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(tr("Command palette"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    m_input->setPlaceholderText(tr("What do you want to do?"));
    m_input->setAccessibleName(tr("Command"));
    m_input->installEventFilter(this);
    m_list->setUniformItemSizes(true);
    m_list->setAccessibleName(tr("Commands"));
    m_list->setFocusPolicy(Qt::NoFocus);
    layout->addWidget(m_input);
    layout->addWidget(m_list);
    resize(paletteWidth, paletteHeight);
    connect(m_input, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::run);
    std::ranges::stable_sort(m_actions, [](const QAction* left, const QAction* right) {
        return commandName(*left).localeAwareCompare(commandName(*right)) < 0;
    });
    fill({});
    if (parent != nullptr) {
        move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, 90)));
    }
    m_input->setFocus();
}

void CommandPalette::fill(const QString& words)
{
    m_list->clear();
    const QStringList needles = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (qsizetype index = 0; index < m_actions.size(); ++index) {
        const QAction& action = *m_actions.at(index);
        const QString name = commandName(action);
        const bool matches = std::ranges::all_of(needles, [&name](const QString& needle) {
            return name.contains(needle, Qt::CaseInsensitive);
        });
        if (!matches) {
            continue;
        }
        const QString key = action.shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(
            action.icon(), key.isEmpty() ? name : name + QStringLiteral("    ") + key, m_list);
        item->setData(Qt::UserRole, static_cast<int>(index));
        item->setSizeHint(QSize(0, metrics::rowHeight + 4));
    }
    m_list->setCurrentRow(0);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_input && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int step = key == Qt::Key_Down ? 1 : -1;
            m_list->setCurrentRow(
                std::clamp(m_list->currentRow() + step, 0, std::max(0, m_list->count() - 1)));
            return true;
        }
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            run();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void CommandPalette::run()
{
    const QListWidgetItem* item = m_list->currentItem();
    if (item == nullptr) {
        return;
    }
    const QPointer<QAction> action = m_actions.at(item->data(Qt::UserRole).toInt());
    close();
    if (!action.isNull()) {
        action->trigger();
    }
}

} // namespace sequela::ui
