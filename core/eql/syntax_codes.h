#pragma once

#include <array>
#include <string_view>

/// The codes of everything that lexer and parser report, once and for all: rule files, editors and
/// scripts refer to them.
namespace sequela::eql::codes {

inline constexpr std::string_view tokenRecognition = "eql-token-recognition";
inline constexpr std::string_view unterminatedString = "eql-unterminated-string";
inline constexpr std::string_view unterminatedComment = "eql-unterminated-comment";
inline constexpr std::string_view unterminatedName = "eql-unterminated-name";
inline constexpr std::string_view invalidEscape = "eql-invalid-escape";
inline constexpr std::string_view invalidUnicodeEscape = "eql-invalid-unicode-escape";
inline constexpr std::string_view invalidUtf8 = "eql-invalid-utf8";
inline constexpr std::string_view singleQuotes = "eql-single-quotes";
inline constexpr std::string_view legacyRawString = "eql-legacy-raw-string";
inline constexpr std::string_view queryTooLong = "eql-query-too-long";
inline constexpr std::string_view tooManyTokens = "eql-too-many-tokens";
inline constexpr std::string_view nestingTooDeep = "eql-nesting-too-deep";
inline constexpr std::string_view tooManyProblems = "eql-too-many-problems";

inline constexpr std::string_view syntax = "eql-syntax";
inline constexpr std::string_view emptyQuery = "eql-empty-query";
inline constexpr std::string_view missingBracket = "eql-missing-bracket";
inline constexpr std::string_view missingCategory = "eql-missing-category";
inline constexpr std::string_view keywordAsName = "eql-keyword-as-name";
inline constexpr std::string_view keywordCase = "eql-keyword-case";
inline constexpr std::string_view quotedCategory = "eql-quoted-category";
inline constexpr std::string_view optionalCategory = "eql-optional-category";
inline constexpr std::string_view assignment = "eql-assignment";
inline constexpr std::string_view foreignOperator = "eql-foreign-operator";
inline constexpr std::string_view chainedComparison = "eql-chained-comparison";
inline constexpr std::string_view negatedMatch = "eql-negated-match";
inline constexpr std::string_view emptyList = "eql-empty-list";
inline constexpr std::string_view trailingComma = "eql-trailing-comma";
inline constexpr std::string_view listWithoutParentheses = "eql-list-without-parentheses";
inline constexpr std::string_view patternNotConstant = "eql-pattern-not-constant";
inline constexpr std::string_view methodCall = "eql-method-call";
inline constexpr std::string_view arrayIndex = "eql-array-index";
inline constexpr std::string_view processRelation = "eql-process-relation";
inline constexpr std::string_view endpointOnly = "eql-endpoint-only";
inline constexpr std::string_view elasticsearchOnly = "eql-elasticsearch-only";

inline constexpr std::string_view byAfterWith = "eql-by-after-with";
inline constexpr std::string_view joinKey = "eql-join-key";
inline constexpr std::string_view maxspanNotPositive = "eql-maxspan-not-positive";
inline constexpr std::string_view maxspanDecimal = "eql-maxspan-decimal";
inline constexpr std::string_view maxspanNoUnit = "eql-maxspan-no-unit";
inline constexpr std::string_view maxspanUnknownUnit = "eql-maxspan-unknown-unit";
inline constexpr std::string_view maxspanTooLarge = "eql-maxspan-too-large";
inline constexpr std::string_view termOption = "eql-term-option";
inline constexpr std::string_view runsOutOfRange = "eql-runs-out-of-range";
inline constexpr std::string_view forkNotSupported = "eql-fork-not-supported";
inline constexpr std::string_view untilTerm = "eql-until-term";
inline constexpr std::string_view tooFewQueries = "eql-too-few-queries";
inline constexpr std::string_view tooManyQueries = "eql-too-many-queries";
inline constexpr std::string_view missingWithoutMaxspan = "eql-missing-without-maxspan";
inline constexpr std::string_view onlyMissing = "eql-only-missing";
inline constexpr std::string_view misplacedMissing = "eql-misplaced-missing";
inline constexpr std::string_view sampleOption = "eql-sample-option";
inline constexpr std::string_view joinNotSupported = "eql-join-not-supported";
inline constexpr std::string_view duplicateAlias = "eql-duplicate-alias";
inline constexpr std::string_view unknownPipe = "eql-unknown-pipe";
inline constexpr std::string_view unsupportedPipe = "eql-unsupported-pipe";
inline constexpr std::string_view pipeArguments = "eql-pipe-arguments";
inline constexpr std::string_view samplePipe = "eql-sample-pipe";

/// Every code above, for the test that wants a case of each.
inline constexpr std::array all{
    tokenRecognition,    unterminatedString,
    unterminatedComment, unterminatedName,
    invalidEscape,       invalidUnicodeEscape,
    invalidUtf8,         singleQuotes,
    legacyRawString,     queryTooLong,
    tooManyTokens,       nestingTooDeep,
    tooManyProblems,     syntax,
    emptyQuery,          missingBracket,
    missingCategory,     keywordAsName,
    keywordCase,         quotedCategory,
    optionalCategory,    assignment,
    foreignOperator,     chainedComparison,
    negatedMatch,        emptyList,
    trailingComma,       listWithoutParentheses,
    patternNotConstant,  methodCall,
    arrayIndex,          processRelation,
    endpointOnly,        elasticsearchOnly,
    byAfterWith,         joinKey,
    maxspanNotPositive,  maxspanDecimal,
    maxspanNoUnit,       maxspanUnknownUnit,
    maxspanTooLarge,     termOption,
    runsOutOfRange,      forkNotSupported,
    untilTerm,           tooFewQueries,
    tooManyQueries,      missingWithoutMaxspan,
    onlyMissing,         misplacedMissing,
    sampleOption,        joinNotSupported,
    duplicateAlias,      unknownPipe,
    unsupportedPipe,     pipeArguments,
    samplePipe,
};

} // namespace sequela::eql::codes
