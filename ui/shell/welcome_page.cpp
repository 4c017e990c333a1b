#include "ui/shell/welcome_page.h"

#include "ui/theme/theme.h"

#include <QAction>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace sequela::ui {

namespace {
constexpr int columnWidth = 460;
constexpr int logoSize = 56;
} // namespace

WelcomePage::WelcomePage(state::Context& context, const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_recent(new QVBoxLayout),
      m_recentTitle(new QLabel(tr("Recent cases"), this))
{
    auto* outer = new QVBoxLayout(this);
    outer->addStretch(2);
    auto* column = new QWidget(this);
    column->setFixedWidth(columnWidth);
    auto* layout = new QVBoxLayout(column);
    layout->setSpacing(8);
    auto* logo = new QLabel(column);
    logo->setPixmap(QIcon(QStringLiteral(":/icons/sequela.svg")).pixmap(logoSize, logoSize));
    logo->setFixedHeight(logoSize);
    auto* title = new QLabel(tr("Sequela"), column);
    QFont titleFont = context.theme.titleFont();
    titleFont.setPointSizeF(titleFont.pointSizeF() * 1.9);
    title->setFont(titleFont);
    auto* lead = new QLabel(tr("Drop event files or a case anywhere on this window. Formats are "
                               "recognised from their content; nothing leaves this machine."),
                            column);
    lead->setWordWrap(true);
    lead->setProperty("class", QStringLiteral("muted"));
    layout->addWidget(logo);
    layout->addSpacing(10);
    layout->addWidget(title);
    layout->addWidget(lead);
    layout->addSpacing(8);
    bool isFirst = true;
    for (QAction* action : actions) {
        if (!action->isVisible()) {
            continue;
        }
        QString text = action->text();
        const QString key = action->shortcut().toString(QKeySequence::NativeText);
        text.remove(QLatin1Char('&'));
        auto* button = new QPushButton(
            action->icon(), key.isEmpty() ? text : tr("%1   (%2)").arg(text, key), column);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        button->setMinimumHeight(32);
        button->setObjectName(QStringLiteral("welcome.") + action->objectName());
        if (isFirst) {
            button->setProperty("class", QStringLiteral("primary"));
            isFirst = false;
        }
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        layout->addWidget(button);
    }
    layout->addSpacing(12);
    m_recentTitle->setProperty("class", QStringLiteral("muted"));
    layout->addWidget(m_recentTitle);
    m_recent->setSpacing(0);
    layout->addLayout(m_recent);
    outer->addWidget(column, 0, Qt::AlignHCenter);
    outer->addStretch(3);
    setRecentCases({});
}

void WelcomePage::setRecentCases(const QStringList& files)
{
    while (QLayoutItem* item = m_recent->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_recentTitle->setVisible(!files.isEmpty());
    for (const QString& file : files) {
        const QFileInfo info(file);
        QString label = tr("%1   —   %2").arg(info.fileName(), info.absolutePath());
        auto* button = new QPushButton(label.replace(QLatin1Char('&'), QLatin1String("&&")), this);
        button->setProperty("class", QStringLiteral("link"));
        button->setEnabled(info.exists());
        connect(button, &QPushButton::clicked, this, [this, file] { Q_EMIT caseChosen(file); });
        m_recent->addWidget(button);
    }
}

} // namespace sequela::ui
