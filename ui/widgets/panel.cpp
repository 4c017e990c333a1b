#include "ui/widgets/panel.h"

#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace sequela::ui {

namespace {
constexpr int pillHeight = 18;
} // namespace

PanelHeader::PanelHeader(Theme& theme, QWidget* parent)
    : QFrame(parent),
      m_layout(new QHBoxLayout(this)),
      m_title(new QLabel(this)),
      m_pill(new QLabel(this)),
      m_hint(new QLabel(this)),
      m_tabs(new QTabBar(this))
{
    setProperty("class", QStringLiteral("panelHeader"));
    setFixedHeight(metrics::panelHeaderHeight);
    m_layout->setContentsMargins(10, 0, 4, 0);
    m_layout->setSpacing(8);
    m_title->setProperty("class", QStringLiteral("panelTitle"));
    m_title->setTextFormat(Qt::PlainText);
    m_pill->setProperty("class", QStringLiteral("pill"));
    m_pill->setTextFormat(Qt::PlainText);
    m_pill->setFont(theme.smallFont());
    m_pill->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_pill->setFixedHeight(pillHeight);
    m_pill->hide();
    m_hint->setProperty("class", QStringLiteral("muted"));
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->hide();
    m_tabs->setAccessibleName(tr("Pages of the panel"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(false);
    m_tabs->hide();
    m_layout->addWidget(m_tabs);
    m_layout->addWidget(m_title);
    m_layout->addWidget(m_pill);
    m_layout->addStretch(1);
    m_layout->addWidget(m_hint);
    m_controlIndex = m_layout->count();
    connect(m_tabs, &QTabBar::currentChanged, this, &PanelHeader::tabSelected);
}

void PanelHeader::setTitle(const QString& title)
{
    m_title->setText(title);
}

void PanelHeader::setPill(const QString& text)
{
    m_pill->setText(text);
    m_pill->setVisible(!text.isEmpty());
}

void PanelHeader::setPillColor(const QColor& color)
{
    m_pill->setStyleSheet(color.isValid() ? QStringLiteral("color: %1;").arg(color.name())
                                          : QString());
}

void PanelHeader::setCount(std::optional<std::uint64_t> count)
{
    setPill(count ? text::count(*count) : QString());
}

int PanelHeader::addTab(const QString& label)
{
    m_title->hide();
    m_layout->setContentsMargins(4, 0, 4, 0);
    m_tabs->show();
    m_tabs->setAccessibleName(accessibleName());
    return m_tabs->addTab(label);
}

void PanelHeader::setTabLabel(int index, const QString& label)
{
    m_tabs->setTabText(index, label);
}

int PanelHeader::currentTab() const
{
    return m_tabs->currentIndex();
}

void PanelHeader::setCurrentTab(int index)
{
    m_tabs->setCurrentIndex(index);
}

void PanelHeader::setHint(const QString& text)
{
    m_hint->setText(text);
    m_hint->setVisible(!text.isEmpty());
}

void PanelHeader::addControl(QWidget* control)
{
    m_layout->insertWidget(m_controlIndex++, control);
}

QSize PanelHeader::sizeHint() const
{
    return {QFrame::sizeHint().width(), metrics::panelHeaderHeight};
}

QSize PanelHeader::minimumSizeHint() const
{
    return {80, metrics::panelHeaderHeight};
}

Panel::Panel(Theme& theme, const QString& objectName, const QString& title, QWidget* parent)
    : QDockWidget(title, parent),
      m_header(new PanelHeader(theme, this)),
      m_pages(new QStackedWidget(this))
{
    setObjectName(objectName);
    setFeatures(DockWidgetMovable | DockWidgetFloatable | DockWidgetClosable);
    m_header->setTitle(title);
    m_header->setAccessibleName(title);
    setAccessibleName(title);
    setTitleBarWidget(m_header);
    auto* body = new QFrame(this);
    body->setProperty("class", QStringLiteral("panelBody"));
    auto* layout = new QVBoxLayout(body);
    layout->setContentsMargins(1, 0, 1, 1);
    layout->addWidget(m_pages);
    setWidget(body);
    connect(m_header, &PanelHeader::tabSelected, this, &Panel::setCurrentPage);
}

int Panel::addPage(QWidget* page)
{
    return m_pages->addWidget(page);
}

void Panel::setCurrentPage(int index)
{
    if (index >= 0 && index < m_pages->count()) {
        m_pages->setCurrentIndex(index);
    }
}

void Panel::resizeEvent(QResizeEvent* event)
{
    QDockWidget::resizeEvent(event);
    Q_EMIT resized();
}

QToolButton* makeChoiceButton(const QString& accessibleName, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setProperty("class", QStringLiteral("flat"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setAccessibleName(accessibleName);
    return button;
}

} // namespace sequela::ui
