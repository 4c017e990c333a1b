#pragma once

#include "core/base/diagnostic.h"
#include "core/rules/rule.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Private to core/rules: strings of TOML and JSON files with the place of every byte.
namespace sequela::rules {

enum class QuoteForm : std::uint8_t {
    /// ''' … '''
    MultiLineLiteral,
    /// """ … """
    MultiLineBasic,
    /// ' … '
    Literal,
    /// " … " of TOML
    Basic,
    /// " … " of JSON
    Json
};

struct QuotedText {
    QuoteForm form = QuoteForm::Basic;
    std::string text;
    /// Between the quotes; in multi-line forms after the line end that is trimmed.
    SourceSpan span;
    /// See RuleQuery::anchors.
    std::vector<QueryAnchor> anchors;
};

/// Reads the string whose opening quote stands at @p offset. The file has been parsed already, so
/// nothing comes back only if no string stands there.
[[nodiscard]] std::optional<QuotedText> readQuoted(std::string_view file, std::size_t offset,
                                                   bool isJson);

/// @p text as it must be written between the quotes of @p form; @p escapeQuotes writes `\"` where
/// a plain quote would do as well. Nothing if the form cannot hold it.
[[nodiscard]] std::optional<std::string> encodeFor(QuoteForm form, std::string_view text,
                                                   bool escapeQuotes);

/// File offset for an offset of the decoded text.
[[nodiscard]] std::size_t anchoredOffset(const std::vector<QueryAnchor>& anchors,
                                         std::size_t textOffset);

} // namespace sequela::rules
