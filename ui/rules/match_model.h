#pragma once

#include "core/engine/engine.h"
#include "ui/rules/match_list.h"
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

/// Matches as rows: time, host, span and what happened at each stage. Texts are made for visible
/// cells only, from the window's shared reader.
class MatchModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : int {
        MarkColumn,
        TimeColumn,
        HostColumn,
        SpanColumn,
        /// Only lists with notes fill it.
        NoteColumn,
        FirstStageColumn
    };
    enum Role : int { ChangeRole = Qt::UserRole + 1 };

    explicit MatchModel(const state::Context& context, QObject* parent = nullptr);

    /// Never null. The events belong to the session's snapshot. The order is that of the list.
    void setRows(std::shared_ptr<const MatchList> rows);
    [[nodiscard]] const std::shared_ptr<const MatchList>& rows() const { return m_rows; }
    /// Shows the list in another order: its rows, each once; empty for its own.
    void setOrder(std::vector<std::uint32_t> order);
    /// Row of the list that stands in a row of the table.
    [[nodiscard]] std::size_t listRow(int row) const;
    /// The event of a cell: of its stage, else the first one of the match.
    [[nodiscard]] std::optional<EventNumber> eventAt(const QModelIndex& index) const;
    /// Heading of the notes; "Why not" unless something else is said.
    void setNoteTitle(const QString& title) { m_noteTitle = title; }
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
    [[nodiscard]] QString text(std::size_t row, int column) const;
    [[nodiscard]] QString spanText(std::size_t row) const;
    void repaint();

    state::Context m_context;
    std::shared_ptr<const MatchList> m_rows = std::make_shared<const MatchList>();
    std::vector<std::uint32_t> m_order;
    QString m_noteTitle;
    bool m_stale = false;
};

/// "48.1 s", "2 min 05 s", "0.4 ms".
[[nodiscard]] QString durationText(std::int64_t nanoseconds);

} // namespace sequela::ui
