#pragma once

#include "core/detect/exceptions.h"
#include "core/workspace/workspace.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"

#include <QAbstractTableModel>
#include <QWidget>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class QLabel;
class QPushButton;
class QTableView;

namespace sequela::ui {

class Notice;

/// The rule whose exceptions are listed.
struct ExceptionSubject {
    /// Empty: no rule is open, only exceptions for all rules are listed.
    std::string ruleId;
    std::string ruleName;
    /// Where the rule's exceptions go to travel with it; empty where the rule is no file.
    std::filesystem::path besideFile;

    bool operator==(const ExceptionSubject&) const = default;
};

/// `NAME.exceptions.json` beside `NAME.toml`.
[[nodiscard]] std::filesystem::path exceptionsFileOf(const std::filesystem::path& rule);

/// Exceptions as rows.
class ExceptionModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : int {
        StateColumn,
        ConditionColumn,
        ScopeColumn,
        ExpiryColumn,
        AuthorColumn,
        CommentColumn
    };
    static constexpr int columns = CommentColumn + 1;

    explicit ExceptionModel(const state::Context& context, QObject* parent = nullptr);

    /// @p now: whether an exception has expired.
    void setRows(std::vector<detect::Exception> rows, Timestamp now);
    [[nodiscard]] const std::vector<detect::Exception>& rows() const { return m_rows; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] QString text(const detect::Exception& exception, int column) const;

    state::Context m_context;
    std::vector<detect::Exception> m_rows;
    Timestamp m_now;
};

/// The exceptions that concern the open rule: listed, edited with a preview of what each does,
/// switched off, removed, written beside the rule file and taken over from there.
class ExceptionsView : public QWidget {
    Q_OBJECT

public:
    explicit ExceptionsView(const state::Context& context, QWidget* parent = nullptr);

    void setSubject(ExceptionSubject subject);
    /// Reads the case's exceptions anew.
    void refresh();
    [[nodiscard]] ExceptionModel& model() { return *m_model; }
    [[nodiscard]] QTableView& table() { return *m_table; }
    [[nodiscard]] QString remark() const;

public Q_SLOTS:
    void addNew();
    /// Of the row that is current.
    void editCurrent();
    void toggleCurrent();
    void removeCurrent();
    void writeBeside();
    void takeFromBeside();

Q_SIGNALS:
    /// The list has been read; @p count concern the rule.
    void countChanged(std::size_t count);
    void told(const QString& line);

private:
    struct Listed {
        std::vector<detect::Exception> exceptions;
        bool hasFile = false;
    };
    void layOut();
    void updateButtons();
    void show(Listed listed);
    [[nodiscard]] const detect::Exception* current() const;
    void change(const QString& label, std::function<Result<bool>(workspace::Workspace&)> work,
                bool affectsAlerts, const QString& done);

    state::Context m_context;
    ExceptionSubject m_subject;
    bool m_hasFile = false;
    ExceptionModel* m_model = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_remark = nullptr;
    Notice* m_notice = nullptr;
    QPushButton* m_new = nullptr;
    QPushButton* m_edit = nullptr;
    QPushButton* m_toggle = nullptr;
    QPushButton* m_remove = nullptr;
    QPushButton* m_write = nullptr;
    QPushButton* m_take = nullptr;
    JobRunner m_listJob;
    JobRunner m_changeJob;
};

} // namespace sequela::ui
