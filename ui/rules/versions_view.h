#pragma once

#include "ui/rules/version_history.h"
#include "ui/state/context.h"

#include <QAbstractTableModel>
#include <QWidget>

#include <optional>
#include <string>
#include <vector>

class QLabel;
class QPushButton;
class QTableView;

namespace sequela::ui {

/// Versions of a query, newest first.
class VersionModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : int {
        PinColumn,
        TimeColumn,
        MatchesColumn,
        GainedColumn,
        LostColumn,
        ConfirmedColumn,
        ChangeColumn
    };
    static constexpr int columns = ChangeColumn + 1;

    explicit VersionModel(const state::Context& context, QObject* parent = nullptr);

    /// @p current: the text in the editor.
    void setHistory(const VersionHistory& history, std::string current);
    [[nodiscard]] const QueryVersion& version(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] QString text(int row, int column) const;

    state::Context m_context;
    VersionHistory m_history;
    std::string m_current;
};

/// The versions of the open query with what each found. One of them can be pinned: then everything
/// is compared with it in place of the saved rule. Return or a double click brings a version back
/// into the editor, as a step that can be undone.
class VersionsView : public QWidget {
    Q_OBJECT

public:
    explicit VersionsView(const state::Context& context, QWidget* parent = nullptr);

    void setHistory(const VersionHistory& history, const std::string& current, bool isRule);
    [[nodiscard]] VersionModel& model() { return *m_model; }
    [[nodiscard]] QTableView& table() { return *m_table; }

public Q_SLOTS:
    /// Of the row that is current.
    void restoreCurrent();
    void pinCurrent();

Q_SIGNALS:
    void restoreRequested(const std::string& text);
    /// Compare with this text from now on; nothing: with the saved rule.
    void pinRequested(const std::optional<std::string>& text);

private:
    void updateButtons();

    VersionModel* m_model = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_remark = nullptr;
    QPushButton* m_restore = nullptr;
    QPushButton* m_pin = nullptr;
    QPushButton* m_unpin = nullptr;
    bool m_isPinned = false;
};

} // namespace sequela::ui
