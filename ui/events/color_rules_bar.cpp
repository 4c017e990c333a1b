#include "ui/events/color_rules_bar.h"

#include "ui/events/filter_message.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace sequela::ui {

namespace {

constexpr int ruleHeight = 28;
constexpr int visibleRules = 5;
constexpr int swatchSize = 13;

/// A click takes the focus, so that a condition being edited is finished and not lost.
void leaveLineOnClick(QToolButton& button)
{
    button.setFocusPolicy(Qt::StrongFocus);
}

QToolButton* flatButton(const Theme& theme, const QString& icon, const QString& name,
                        QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setProperty("class", QStringLiteral("flat"));
    button->setIcon(theme.icon(icon, Token::Muted));
    button->setToolTip(name);
    button->setAccessibleName(name);
    leaveLineOnClick(*button);
    return button;
}

} // namespace

ColorRulesBar::ColorRulesBar(const state::Context& context, ColorRules& rules, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_rules(rules),
      m_list(new QWidget(this)),
      m_area(new QScrollArea(this)),
      m_listLayout(new QVBoxLayout(m_list)),
      m_empty(new QLabel(this)),
      m_add(new QToolButton(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 6, 4);
    layout->setSpacing(2);
    m_listLayout->setContentsMargins(0, 0, 0, 0);
    m_listLayout->setSpacing(0);
    m_area->setWidget(m_list);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setFocusPolicy(Qt::NoFocus);
    layout->addWidget(m_area);
    auto* controls = new QHBoxLayout;
    controls->setSpacing(6);
    leaveLineOnClick(*m_add);
    m_add->setText(tr("Add a colour"));
    m_add->setAccessibleName(tr("Add a colour rule"));
    m_add->setToolTip(tr("A condition in EQL and a colour for the rows it holds for"));
    auto* fromFilter = new QToolButton(this);
    leaveLineOnClick(*fromFilter);
    fromFilter->setText(tr("Colour what is filtered"));
    fromFilter->setAccessibleName(tr("Make a colour rule of the filter"));
    m_empty->setText(tr("No colours yet. The first rule that holds for an event wins."));
    m_empty->setProperty("class", QStringLiteral("muted"));
    controls->addWidget(m_add);
    controls->addWidget(fromFilter);
    controls->addWidget(m_empty);
    controls->addStretch(1);
    auto* close =
        flatButton(context.theme, QStringLiteral("close"), tr("Close the colour rules"), this);
    controls->addWidget(close);
    layout->addLayout(controls);
    connect(m_add, &QToolButton::clicked, this, [this] {
        add("process.name == \"\"");
        if (!m_rows.empty()) {
            m_rows.front().condition->setFocus();
            m_rows.front().condition->setCursorPosition(
                static_cast<int>(m_rows.front().condition->text().size()) - 1);
        }
    });
    connect(fromFilter, &QToolButton::clicked, this,
            [this] { add(m_context.session.filter()->text); });
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    const auto followFilter = [this, fromFilter] {
        fromFilter->setEnabled(!m_context.session.filter()->text.empty());
    };
    connect(&context.session, &state::CaseSession::filterChanged, this, followFilter);
    connect(&context.session, &state::CaseSession::caseOpened, this, followFilter);
    followFilter();
    connect(&rules, &ColorRules::rulesChanged, this, &ColorRulesBar::refresh);
    connect(&rules, &ColorRules::evaluated, this, &ColorRulesBar::refreshOutcomes);
    connect(&context.theme, &Theme::themeChanged, this, &ColorRulesBar::refresh);
    refresh();
    hide();
}

void ColorRulesBar::open()
{
    show();
    if (m_rows.empty()) {
        m_add->setFocus();
    } else {
        m_rows.front().condition->setFocus();
    }
}

std::vector<QLineEdit*> ColorRulesBar::conditions() const
{
    std::vector<QLineEdit*> lines;
    for (const Row& row : m_rows) {
        lines.push_back(row.condition);
    }
    return lines;
}

QIcon ColorRulesBar::swatchIcon(RuleColor color) const
{
    const double ratio = devicePixelRatioF();
    QPixmap pixmap(QSize(swatchSize, swatchSize) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ruleInk(m_context.theme.scheme(), color));
    painter.drawRoundedRect(QRectF(0, 0, swatchSize, swatchSize), 3, 3);
    return pixmap;
}

/// Rows are kept for as long as there are rules for them: an edit must not lose its line.
void ColorRulesBar::addRow()
{
    const std::size_t index = m_rows.size();
    Row row;
    row.widget = new QWidget(m_list);
    row.widget->setFixedHeight(ruleHeight);
    auto* layout = new QHBoxLayout(row.widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    row.enabled = new QCheckBox(row.widget);
    row.enabled->setAccessibleName(tr("Colour rule %1 is on").arg(index + 1));
    row.swatch = new QToolButton(row.widget);
    leaveLineOnClick(*row.swatch);
    row.swatch->setPopupMode(QToolButton::InstantPopup);
    row.swatch->setIconSize(QSize(swatchSize, swatchSize));
    auto* colors = new QMenu(row.swatch);
    for (int color = 0; color < ruleColorCount; ++color) {
        const auto chosen = static_cast<RuleColor>(color);
        connect(colors->addAction(ruleColorName(chosen)), &QAction::triggered, this,
                [this, index, chosen] {
                    change(index, [chosen](ColorRule& rule) { rule.color = chosen; });
                });
    }
    connect(colors, &QMenu::aboutToShow, this, [this, colors] {
        for (int color = 0; color < ruleColorCount; ++color) {
            colors->actions().at(color)->setIcon(swatchIcon(static_cast<RuleColor>(color)));
        }
    });
    row.swatch->setMenu(colors);
    row.condition = new QLineEdit(row.widget);
    row.condition->setFont(m_context.theme.dataFont());
    row.condition->setPlaceholderText(tr("a condition in EQL, or a word"));
    row.condition->setAccessibleName(tr("Condition of colour rule %1").arg(index + 1));
    row.outcome = new QLabel(row.widget);
    row.outcome->setTextFormat(Qt::PlainText);
    row.outcome->setMinimumWidth(90);
    row.outcome->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row.up = flatButton(m_context.theme, QStringLiteral("up"), tr("Earlier"), row.widget);
    row.down = flatButton(m_context.theme, QStringLiteral("down"), tr("Later"), row.widget);
    auto* removal =
        flatButton(m_context.theme, QStringLiteral("close"), tr("Take this rule away"), row.widget);
    layout->addWidget(row.enabled);
    layout->addWidget(row.swatch);
    layout->addWidget(row.condition, 1);
    layout->addWidget(row.outcome);
    layout->addWidget(row.up);
    layout->addWidget(row.down);
    layout->addWidget(removal);
    connect(row.enabled, &QCheckBox::clicked, this, [this, index](bool on) {
        change(index, [on](ColorRule& rule) { rule.enabled = on; });
    });
    connect(row.condition, &QLineEdit::editingFinished, this, [this, index, line = row.condition] {
        const std::string condition = text::toUtf8(line->text().trimmed());
        if (!condition.empty()) {
            change(index, [&](ColorRule& rule) { rule.condition = condition; });
        }
    });
    connect(row.up, &QToolButton::clicked, this, [this, index] { move(index, -1); });
    connect(row.down, &QToolButton::clicked, this, [this, index] { move(index, 1); });
    connect(removal, &QToolButton::clicked, this, [this, index] { remove(index); });
    m_listLayout->addWidget(row.widget);
    m_rows.push_back(row);
}

void ColorRulesBar::refresh()
{
    const std::vector<ColorRule>& rules = m_rules.rules();
    while (m_rows.size() < rules.size()) {
        addRow();
    }
    while (m_rows.size() > rules.size()) {
        m_rows.back().widget->hide();
        m_rows.back().widget->deleteLater();
        m_rows.pop_back();
    }
    for (std::size_t index = 0; index < rules.size(); ++index) {
        const Row& row = m_rows[index];
        row.enabled->setChecked(rules[index].enabled);
        row.swatch->setIcon(swatchIcon(rules[index].color));
        row.swatch->setAccessibleName(
            tr("Colour of rule %1: %2").arg(index + 1).arg(ruleColorName(rules[index].color)));
        const QString condition = text::fromUtf8(rules[index].condition);
        if (row.condition->text() != condition) {
            row.condition->setText(condition);
        }
        row.up->setEnabled(index > 0);
        row.down->setEnabled(index + 1 < rules.size());
    }
    m_empty->setVisible(rules.empty());
    m_add->setEnabled(rules.size() < maxColorRules);
    fitHeight();
    refreshOutcomes();
}

void ColorRulesBar::fitHeight()
{
    const int rows = std::min<int>(visibleRules, static_cast<int>(m_rows.size()));
    m_area->setFixedHeight(rows * ruleHeight);
    m_area->setVisible(rows > 0);
}

void ColorRulesBar::refreshOutcomes()
{
    for (std::size_t index = 0; index < m_rows.size(); ++index) {
        QLabel& label = *m_rows[index].outcome;
        const ColorRules::Outcome* outcome = m_rules.outcome(index);
        QString words = outcome == nullptr ? QStringLiteral("…")
                                           : text::counted(outcome->eventCount, tr("event"));
        Token token = Token::Muted;
        QString tip;
        if (outcome != nullptr && outcome->problem) {
            const bool isError = outcome->problem->severity == Severity::Error;
            token = isError ? Token::Lost : Token::Medium;
            const QString problem = filterMessage(*outcome->problem);
            tip = QStringLiteral("<span>%1</span>").arg(problem.toHtmlEscaped());
            if (isError) {
                words = problem;
            }
        }
        label.setText(label.fontMetrics().elidedText(words, Qt::ElideRight, width() / 3));
        label.setToolTip(tip);
        label.setStyleSheet(QStringLiteral("color: %1").arg(m_context.theme.color(token).name()));
    }
}

void ColorRulesBar::change(std::size_t index, const std::function<void(ColorRule&)>& edit)
{
    std::vector<ColorRule> rules = m_rules.rules();
    if (index < rules.size()) {
        edit(rules[index]);
        m_rules.setRules(std::move(rules));
    }
}

void ColorRulesBar::remove(std::size_t index)
{
    std::vector<ColorRule> rules = m_rules.rules();
    if (index < rules.size()) {
        rules.erase(rules.begin() + static_cast<std::ptrdiff_t>(index));
        m_rules.setRules(std::move(rules));
    }
}

void ColorRulesBar::move(std::size_t index, int step)
{
    std::vector<ColorRule> rules = m_rules.rules();
    const std::size_t other = step < 0 ? index - 1 : index + 1;
    if (index < rules.size() && other < rules.size()) {
        std::swap(rules[index], rules[other]);
        m_rules.setRules(std::move(rules));
    }
}

void ColorRulesBar::add(const std::string& condition)
{
    // A colour that is not taken yet, so that two rules can be told apart.
    RuleColor color = RuleColor::Yellow;
    for (int each = ruleColorCount - 1; each >= 0; --each) {
        const auto candidate = static_cast<RuleColor>(each);
        if (std::ranges::find(m_rules.rules(), candidate, &ColorRule::color)
            == m_rules.rules().end()) {
            color = candidate;
        }
    }
    m_rules.add({condition, color, true});
}

} // namespace sequela::ui
