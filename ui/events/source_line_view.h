#pragma once

#include "core/base/strong_id.h"
#include "core/ingest/source_lines.h"
#include "ui/jobs/job_runner.h"
#include "ui/state/context.h"

#include <QWidget>

#include <functional>

class QLabel;
class QPlainTextEdit;

namespace sequela::ui {

/// A place in a source as the file on the disk has it now, with the lines around: read only, plain
/// text, hostile characters as marks. Read in a job; archives are unpacked on the way.
class SourceLineView : public QWidget {
    Q_OBJECT

public:
    explicit SourceLineView(const state::Context& context, QWidget* parent = nullptr);

    void showLine(const ingest::SourceLinesRequest& request);
    /// The line that @p event came from; says why there is none.
    void showLineOf(EventNumber event);
    void clear();
    /// What is said above the text: where it is from, or what went wrong.
    [[nodiscard]] QString title() const;
    [[nodiscard]] QPlainTextEdit& page() { return *m_page; }

Q_SIGNALS:
    void closed();

private:
    struct Shown {
        ingest::SourceLinesRequest request;
        ingest::SourceLines lines;
    };

    void start(const std::function<Result<ingest::SourceLinesRequest>()>& find);
    void showLines(const Shown& shown);
    void showProblem(const Diagnostic& problem);
    void markLine();

    state::Context m_context;
    QLabel* m_title = nullptr;
    QPlainTextEdit* m_page = nullptr;
    int m_markedBlock = -1;
    JobRunner m_job;
};

} // namespace sequela::ui
