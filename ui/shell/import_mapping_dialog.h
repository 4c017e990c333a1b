#pragma once

#include "core/ingest/mapping_draft.h"
#include "core/mapping/mapping_table.h"
#include "ui/state/context.h"

#include <QDialog>

#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QTableWidget;

namespace sequela::ui {

/// Where mappings of the user's own are kept: `mappings` below the program's data folder.
[[nodiscard]] QString mappingFolder();
/// The tables of all mapping files there, in the order of their names; what cannot be read is left
/// out and named in @p faults.
[[nodiscard]] std::vector<mapping::MappingTable> savedMappings(QStringList& faults);

/// Fields of files nobody knows, with samples, beside the ECS names they are to have. Saved as a
/// mapping file, which every later import asks first.
class ImportMappingDialog : public QDialog {
    Q_OBJECT

public:
    /// @p documents: some of the file's; @p file: what it is called.
    ImportMappingDialog(state::Context& context, const std::vector<std::string>& documents,
                        const QString& file, QWidget* parent = nullptr);

    [[nodiscard]] QTableWidget& rows() { return *m_rows; }
    /// Writes the mapping file and takes it over for later imports; says what is wrong instead.
    void save();

Q_SIGNALS:
    void saved();

private:
    void fill();

    state::Context& m_context;
    ingest::MappingDraft m_draft;
    QLineEdit* m_name = nullptr;
    QTableWidget* m_rows = nullptr;
    QLabel* m_fault = nullptr;
};

} // namespace sequela::ui
