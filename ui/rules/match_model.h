#pragma once

#include "core/engine/engine.h"
#include "ui/state/context.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sequela::workspace {
struct Snapshot;
} // namespace sequela::workspace

namespace sequela::ui {

enum class MatchChange : std::uint8_t { None, Kept, Gained, Lost };

struct MatchRow {
    engine::Match match;
    MatchChange change = MatchChange::None;
};

/// Matches as rows: time, host, span and what happened at each stage. Texts are made for visible
/// cells only, from the window's shared reader.
class MatchModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : int { MarkColumn, TimeColumn, HostColumn, SpanColumn, FirstStageColumn };
    enum Role : int { ChangeRole = Qt::UserRole + 1 };

    explicit MatchModel(const state::Context& context, QObject* parent = nullptr);

    /// @p stageCount: slots of each match. Rows belong to the session's snapshot.
    void setRows(std::vector<MatchRow> rows, std::size_t stageCount);
    [[nodiscard]] const std::vector<MatchRow>& rows() const { return m_rows; }
    /// The event of a cell: of its stage, else the first one of the match.
    [[nodiscard]] std::optional<EventNumber> eventAt(const QModelIndex& index) const;
    /// Greys everything until the next rows come.
    void setStale(bool stale);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] QString cellText(EventNumber event, const char* field) const;
    [[nodiscard]] QString describe(EventNumber event) const;
    [[nodiscard]] QString text(const MatchRow& row, int column) const;
    [[nodiscard]] QString spanText(const MatchRow& row) const;
    void repaint();

    state::Context m_context;
    std::vector<MatchRow> m_rows;
    std::size_t m_stageCount = 0;
    bool m_stale = false;
};

/// "48.1 s", "2 min 05 s", "0.4 ms".
[[nodiscard]] QString durationText(std::int64_t nanoseconds);

} // namespace sequela::ui
