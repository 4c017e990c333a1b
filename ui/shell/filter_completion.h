#pragma once

#include "core/schema/field_catalog.h"
#include "ui/editor/completion.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"
#include "ui/state/value_counts.h"

#include <QObject>

#include <map>
#include <string>
#include <string_view>
#include <vector>

class QKeyEvent;

namespace sequela::ui {

class CompletionPopup;
class FilterLine;

/// Values of fields that were counted already, by field.
using KnownValues = std::map<std::string, state::ValueCounts>;

/// What can stand at the caret of the filter bar, where a condition may stand without `any where`.
/// `valuesOf` names the field whose values would be wanted. @p catalog may be null.
[[nodiscard]] CompletionList filterCompletionsAt(std::string_view text, std::size_t offset,
                                                 const schema::FieldCatalog* catalog,
                                                 const KnownValues& values);

/// The rule editor's completion under the filter bar: fields and values of this case with counts,
/// functions and keywords. It opens while a word or a value is typed and with Ctrl+Space. Tab takes
/// an entry; Return only after one was chosen, so that it still applies what is typed.
class FilterCompletion : public QObject {
    Q_OBJECT

public:
    FilterCompletion(const state::Context& context, FilterLine& line, QObject* parent = nullptr);

    void complete();
    void close();
    [[nodiscard]] bool isOpen() const;
    /// Empty while closed.
    [[nodiscard]] std::vector<Completion> entries() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void open(bool asked);
    void followTyping();
    bool handleKey(QKeyEvent* event);
    void accept(int row);
    void countValues(const std::string& field);

    state::Context m_context;
    FilterLine& m_line;
    CompletionPopup* m_popup = nullptr;
    CompletionList m_list;
    KnownValues m_values;
    /// Ctrl+Space opened the list; something was chosen in it.
    bool m_asked = false;
    bool m_moved = false;
    JobRunner m_job;
};

} // namespace sequela::ui
