#pragma once

#include "core/rules/document_node.h"
#include "core/rules/rule_file.h"

#include <string_view>

/// Private to core/rules.
namespace sequela::rules {

/// Makes a rule entry of a parsed file. @p text is what the tree was read from (for the query's
/// bytes). @p exportLine is 0 for TOML.
[[nodiscard]] RuleEntry readRuleNode(const Node& root, std::string_view text, std::string_view path,
                                     std::size_t exportLine);

/// The filters of a rule. False if one of them cannot be evaluated here; @p reason then says which.
[[nodiscard]] bool readFilters(const Node& list, std::vector<RuleFilter>& filters,
                               std::string& reason);

} // namespace sequela::rules
