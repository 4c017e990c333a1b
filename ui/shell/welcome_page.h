#pragma once

#include "ui/state/context.h"

#include <QStringList>
#include <QWidget>

class QAction;
class QLabel;
class QProgressBar;
class QStackedWidget;
class QVBoxLayout;

namespace sequela::ui {

class Notice;

/// The window without a case: open, import, recent cases; and the progress of the first import.
class WelcomePage : public QWidget {
    Q_OBJECT

public:
    WelcomePage(state::Context& context, const QList<QAction*>& actions, QWidget* parent = nullptr);

    void setRecentCases(const QStringList& files);

Q_SIGNALS:
    void caseChosen(const QString& file);

private:
    state::Context& m_context;
    QVBoxLayout* m_recent = nullptr;
    QLabel* m_recentTitle = nullptr;
};

} // namespace sequela::ui
