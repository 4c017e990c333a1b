#include "ui/editor/problem_line.h"

#include "ui/text/event_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include <algorithm>

namespace sequela::ui {

namespace {

QString problemCount(const std::vector<Diagnostic>& problems)
{
    const auto errors = std::ranges::count(problems, Severity::Error, &Diagnostic::severity);
    const auto warnings = static_cast<std::ptrdiff_t>(problems.size()) - errors;
    QStringList parts;
    if (errors > 0) {
        parts << (errors == 1 ? ProblemLine::tr("1 problem")
                              : ProblemLine::tr("%1 problems").arg(errors));
    }
    if (warnings > 0) {
        parts << (warnings == 1 ? ProblemLine::tr("1 remark")
                                : ProblemLine::tr("%1 remarks").arg(warnings));
    }
    return parts.join(QStringLiteral(" · "));
}

} // namespace

ProblemLine::ProblemLine(Theme& theme, QWidget* parent)
    : QFrame(parent),
      m_theme(theme),
      m_dot(new QLabel(this)),
      m_count(new QLabel(this)),
      m_message(new ElidedLabel(this)),
      m_fix(new QToolButton(this)),
      m_next(new QToolButton(this))
{
    setProperty("class", QStringLiteral("noticeBar"));
    setFixedHeight(metrics::panelHeaderHeight);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 0, 6, 0);
    layout->setSpacing(6);
    m_count->setTextFormat(Qt::PlainText);
    m_fix->setProperty("class", QStringLiteral("link"));
    m_next->setProperty("class", QStringLiteral("flat"));
    m_next->setText(tr("F8 next"));
    m_fix->setFocusPolicy(Qt::NoFocus);
    m_next->setFocusPolicy(Qt::NoFocus);
    layout->addWidget(m_dot);
    layout->addWidget(m_count);
    layout->addWidget(m_message, 1);
    layout->addWidget(m_fix);
    layout->addWidget(m_next);
    connect(m_fix, &QToolButton::clicked, this, &ProblemLine::fixRequested);
    connect(m_next, &QToolButton::clicked, this, &ProblemLine::nextRequested);
    connect(&theme, &Theme::themeChanged, this, &ProblemLine::paintDot);
    hide();
}

void ProblemLine::setProblems(const std::vector<Diagnostic>& problems, std::size_t shown)
{
    setVisible(!problems.empty());
    if (problems.empty()) {
        m_message->setText({});
        return;
    }
    const Diagnostic& problem = problems[std::min(shown, problems.size() - 1)];
    m_severity = problem.severity;
    m_count->setText(problemCount(problems));
    QString message = text::visible(problem.message);
    if (problem.begin) {
        message.prepend(tr("line %1: ").arg(problem.begin->line));
    }
    if (!problem.hint.empty()) {
        message += QStringLiteral(" — ") + text::visible(problem.hint);
    }
    m_message->setText(message);
    m_fix->setVisible(!problem.fixes.empty());
    if (!problem.fixes.empty()) {
        m_fix->setText(tr("%1 (Alt+Enter)").arg(text::visible(problem.fixes.front().label)));
    }
    m_next->setVisible(problems.size() > 1);
    paintDot();
}

QString ProblemLine::text() const
{
    return m_message->text();
}

void ProblemLine::paintDot()
{
    QString icon = QStringLiteral("error");
    Token token = Token::Critical;
    if (m_severity == Severity::Warning) {
        icon = QStringLiteral("warning");
        token = Token::Medium;
    } else if (m_severity == Severity::Note) {
        icon = QStringLiteral("info");
        token = Token::Muted;
    }
    m_dot->setPixmap(m_theme.icon(icon, token).pixmap(14, 14));
    m_count->setStyleSheet(QStringLiteral("color: %1").arg(m_theme.color(token).name()));
}

} // namespace sequela::ui
