#include "ui/events/filter_message.h"

#include "ui/text/event_text.h"

#include <QCoreApplication>

namespace sequela::ui {

QString filterMessage(const Diagnostic& diagnostic)
{
    QString message;
    if (diagnostic.begin) {
        message = QCoreApplication::translate("FilterMessage", "column %1: ")
                      .arg(diagnostic.begin->column);
    } else if (diagnostic.span) {
        message = QCoreApplication::translate("FilterMessage", "column %1: ")
                      .arg(diagnostic.span->begin + 1);
    }
    // The parser's own words name tokens; the hint says what is missing.
    const bool isParserTalk = diagnostic.message.find(" input '") != std::string::npos;
    if (isParserTalk && diagnostic.fixes.empty() && !diagnostic.hint.empty()) {
        return message + text::visible(diagnostic.hint);
    }
    message += text::visible(diagnostic.message);
    if (!diagnostic.fixes.empty()) {
        message += QStringLiteral(" — ") + text::visible(diagnostic.fixes.front().label);
    } else if (!diagnostic.hint.empty()) {
        message += QStringLiteral(" — ") + text::visible(diagnostic.hint);
    }
    return message;
}

} // namespace sequela::ui
