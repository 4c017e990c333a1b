#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"
#include "ui/state/value_counts.h"

#include <QWidget>

#include <cstddef>
#include <string>

class QLabel;

namespace sequela::ui {

using state::countValues;
using state::ValueCounts;

/// The most frequent values of one field among the events shown, as bars; a click filters.
class TopValues : public QWidget {
    Q_OBJECT

public:
    explicit TopValues(state::Context& context, QWidget* parent = nullptr);

    void setField(const std::string& field);
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void fieldShown(const QString& field);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    static constexpr std::size_t maxEntries = 50;

    void refresh();
    [[nodiscard]] int rowAt(int y) const;
    void setCurrent(int row);

    state::Context& m_context;
    std::string m_field;
    ValueCounts m_counts;
    int m_current = 0;
    JobRunner m_job;
};

} // namespace sequela::ui
