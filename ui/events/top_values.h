#pragma once

#include "core/base/diagnostic.h"
#include "core/engine/engine.h"
#include "core/schema/column_source.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"

#include <QWidget>

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

class QLabel;

namespace sequela::ui {

/// How often the values of a field occur.
struct ValueCounts {
    struct Entry {
        std::string value;
        std::uint64_t eventCount = 0;
    };
    std::string field;
    /// Most frequent first, equal ones by value.
    std::vector<Entry> entries;
    std::uint64_t distinctCount = 0;
    std::uint64_t eventsWithValue = 0;
    std::uint64_t eventsWithout = 0;
};

/// Counts over @p shown (null: all). Events with several values count for each. Off the GUI thread.
[[nodiscard]] Result<ValueCounts> countValues(const schema::ColumnSource& source,
                                              const std::string& field,
                                              const engine::EventSet* shown, std::size_t limit,
                                              const std::stop_token& stop);

/// The most frequent values of one field among the events shown, as bars; a click filters.
class TopValues : public QWidget {
    Q_OBJECT

public:
    TopValues(state::Context& context, QWidget* parent = nullptr);

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
