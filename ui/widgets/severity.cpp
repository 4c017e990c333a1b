#include "ui/widgets/severity.h"

#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QPainter>

namespace sequela::ui {

using detect::AlertSeverity;

Token severityToken(AlertSeverity severity)
{
    switch (severity) {
    case AlertSeverity::Critical:
        return Token::Critical;
    case AlertSeverity::High:
        return Token::High;
    case AlertSeverity::Medium:
        return Token::Medium;
    case AlertSeverity::Low:
        break;
    }
    return Token::Low;
}

Token severityFill(AlertSeverity severity)
{
    switch (severity) {
    case AlertSeverity::Critical:
        return Token::CriticalFill;
    case AlertSeverity::High:
        return Token::HighFill;
    case AlertSeverity::Medium:
        return Token::MediumFill;
    case AlertSeverity::Low:
        break;
    }
    return Token::LowFill;
}

QString severityName(AlertSeverity severity)
{
    switch (severity) {
    case AlertSeverity::Critical:
        return QCoreApplication::translate("Severity", "Critical");
    case AlertSeverity::High:
        return QCoreApplication::translate("Severity", "High");
    case AlertSeverity::Medium:
        return QCoreApplication::translate("Severity", "Medium");
    case AlertSeverity::Low:
        break;
    }
    return QCoreApplication::translate("Severity", "Low");
}

QString severityLetter(AlertSeverity severity)
{
    return severityName(severity).left(1);
}

void paintSeverityMark(QPainter& painter, const QRectF& disc, AlertSeverity severity,
                       const Theme& theme)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(severityFill(severity)));
    painter.drawEllipse(disc);
    QFont font = theme.smallFont();
    font.setPixelSize(std::max(7, static_cast<int>(disc.height() * 0.72)));
    font.setWeight(QFont::Bold);
    painter.setFont(font);
    painter.setPen(theme.scheme() == ColorScheme::Dark ? theme.color(Token::Background)
                                                       : theme.color(Token::Panel));
    painter.drawText(disc, Qt::AlignCenter, severityLetter(severity));
    painter.restore();
}

QString verdictLabel(const detect::Verdict& verdict)
{
    switch (verdict.status) {
    case detect::VerdictStatus::Open:
        return QCoreApplication::translate("Verdict", "Open");
    case detect::VerdictStatus::Acknowledged:
        return QCoreApplication::translate("Verdict", "Acknowledged");
    case detect::VerdictStatus::Closed:
        break;
    }
    switch (verdict.reason) {
    case detect::VerdictReason::TruePositive:
        return QCoreApplication::translate("Verdict", "True positive");
    case detect::VerdictReason::FalsePositive:
        return QCoreApplication::translate("Verdict", "False positive");
    case detect::VerdictReason::BenignPositive:
        return QCoreApplication::translate("Verdict", "Benign positive");
    case detect::VerdictReason::None:
        break;
    }
    return QCoreApplication::translate("Verdict", "Closed");
}

QString verdictIcon(const detect::Verdict& verdict)
{
    if (verdict.status == detect::VerdictStatus::Acknowledged) {
        return QStringLiteral("acknowledge");
    }
    if (verdict.status == detect::VerdictStatus::Open) {
        return QStringLiteral("triage");
    }
    return verdict.reason == detect::VerdictReason::TruePositive ? QStringLiteral("verdict-true")
                                                                 : QStringLiteral("verdict-false");
}

} // namespace sequela::ui
