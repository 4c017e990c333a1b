#pragma once

#include <QStringList>

/// The faces of documents on paper. Not those of the window: Inter and JetBrains Mono set hyphens,
/// colons and arrows with contextual forms, which a PDF cannot lead back to characters, so that a
/// command copied from it would lack them.
namespace sequela::ui {

[[nodiscard]] inline QStringList paperFace()
{
    return {QStringLiteral("Liberation Sans"), QStringLiteral("DejaVu Sans"),
            QStringLiteral("sans-serif")};
}

[[nodiscard]] inline QStringList paperCodeFace()
{
    return {QStringLiteral("Liberation Mono"), QStringLiteral("DejaVu Sans Mono"),
            QStringLiteral("monospace")};
}

} // namespace sequela::ui
