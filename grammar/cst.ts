// Generated from grammar/parser.ts by grammar/generate.ts; do not edit.
import type { CstNode, IToken } from "chevrotain";

export interface ProgramCstNode extends CstNode {
  name: "program";
  children: ProgramCstChildren;
}

export type ProgramCstChildren = {
  StatementEnd?: (IToken)[];
  statement?: StatementCstNode[];
};

export interface StatementCstNode extends CstNode {
  name: "statement";
  children: StatementCstChildren;
}

export type StatementCstChildren = {
  importDeclaration?: ImportDeclarationCstNode[];
  exportDeclaration?: ExportDeclarationCstNode[];
  declaration?: DeclarationCstNode[];
  refusedStatement?: RefusedStatementCstNode[];
  expressionStatement?: ExpressionStatementCstNode[];
  misplaced?: MisplacedCstNode[];
  rest?: AnythingCstNode[];
};

export interface ImportDeclarationCstNode extends CstNode {
  name: "importDeclaration";
  children: ImportDeclarationCstChildren;
}

export type ImportDeclarationCstChildren = {
  Import: IToken[];
  module?: (IToken)[];
  importClause?: ImportClauseCstNode[];
  From?: IToken[];
};

export interface ImportClauseCstNode extends CstNode {
  name: "importClause";
  children: ImportClauseCstChildren;
}

export type ImportClauseCstChildren = {
  TypeOnly?: IToken[];
  default?: IToken[];
  Comma?: IToken[];
  importedNames?: (ImportedNamesCstNode)[];
  namespace?: (NamespaceCstNode)[];
};

export interface NamespaceCstNode extends CstNode {
  name: "namespace";
  children: NamespaceCstChildren;
}

export type NamespaceCstChildren = {
  Star: IToken[];
  As: IToken[];
  Name: IToken[];
};

export interface ImportedNamesCstNode extends CstNode {
  name: "importedNames";
  children: ImportedNamesCstChildren;
}

export type ImportedNamesCstChildren = {
  LeftBrace: IToken[];
  Comma?: IToken[];
  importedName?: ImportedNameCstNode[];
  misplaced?: MisplacedCstNode[];
  RightBrace: IToken[];
};

export interface ImportedNameCstNode extends CstNode {
  name: "importedName";
  children: ImportedNameCstChildren;
}

export type ImportedNameCstChildren = {
  TypeOnly?: IToken[];
  name: IToken[];
  As?: IToken[];
  local?: IToken[];
};

export interface ExportDeclarationCstNode extends CstNode {
  name: "exportDeclaration";
  children: ExportDeclarationCstChildren;
}

export type ExportDeclarationCstChildren = {
  Export: IToken[];
  declaration?: DeclarationCstNode[];
};

export interface DeclarationCstNode extends CstNode {
  name: "declaration";
  children: DeclarationCstChildren;
}

export type DeclarationCstChildren = {
  Const?: IToken[];
  Let?: IToken[];
  declarator: DeclaratorCstNode[];
  Comma?: IToken[];
};

export interface DeclaratorCstNode extends CstNode {
  name: "declarator";
  children: DeclaratorCstChildren;
}

export type DeclaratorCstChildren = {
  Name?: IToken[];
  pattern?: GroupCstNode[];
  annotation?: AnnotationCstNode[];
  Equals?: IToken[];
  value?: ExpressionCstNode[];
};

export interface RefusedStatementCstNode extends CstNode {
  name: "refusedStatement";
  children: RefusedStatementCstChildren;
}

export type RefusedStatementCstChildren = {
  StatementWord?: IToken[];
  DeclarationWord?: IToken[];
  At?: IToken[];
  block?: BlockCstNode[];
};

export interface ExpressionStatementCstNode extends CstNode {
  name: "expressionStatement";
  children: ExpressionStatementCstChildren;
}

export type ExpressionStatementCstChildren = {
  expression: (ExpressionCstNode)[];
  Comma?: IToken[];
};

export interface ExpressionCstNode extends CstNode {
  name: "expression";
  children: ExpressionCstChildren;
}

export type ExpressionCstChildren = {
  arrow?: ArrowCstNode[];
  conditional?: ConditionalCstNode[];
};

export interface ArrowCstNode extends CstNode {
  name: "arrow";
  children: ArrowCstChildren;
}

export type ArrowCstChildren = {
  Async?: IToken[];
  parameters?: ParametersCstNode[];
  returnType?: ReturnTypeCstNode[];
  LoneParameter?: IToken[];
  Arrow: IToken[];
  block?: BlockCstNode[];
  body?: ExpressionCstNode[];
};

export interface ParametersCstNode extends CstNode {
  name: "parameters";
  children: ParametersCstChildren;
}

export type ParametersCstChildren = {
  LeftOfParameters: IToken[];
  Comma?: IToken[];
  parameter?: ParameterCstNode[];
  misplaced?: MisplacedCstNode[];
  RightParenthesis: IToken[];
};

export interface ParameterCstNode extends CstNode {
  name: "parameter";
  children: ParameterCstChildren;
}

export type ParameterCstChildren = {
  Spread?: IToken[];
  Name?: IToken[];
  pattern?: GroupCstNode[];
  Question?: IToken[];
  annotation?: AnnotationCstNode[];
  Equals?: IToken[];
  default?: ExpressionCstNode[];
};

export interface AnnotationCstNode extends CstNode {
  name: "annotation";
  children: AnnotationCstChildren;
}

export type AnnotationCstChildren = {
  Colon: IToken[];
  TypePart?: IToken[];
  group?: GroupCstNode[];
  Arrow?: IToken[];
};

export interface ReturnTypeCstNode extends CstNode {
  name: "returnType";
  children: ReturnTypeCstChildren;
}

export type ReturnTypeCstChildren = {
  Colon: IToken[];
  type: TypeCstNode[];
};

export interface TypeCstNode extends CstNode {
  name: "type";
  children: TypeCstChildren;
}

export type TypeCstChildren = {
  TypePart?: IToken[];
  group?: GroupCstNode[];
};

export interface ConditionalCstNode extends CstNode {
  name: "conditional";
  children: ConditionalCstChildren;
}

export type ConditionalCstChildren = {
  operation: OperationCstNode[];
  Question?: IToken[];
  other?: (ExpressionCstNode)[];
  Colon?: IToken[];
  Equals?: IToken[];
  Assignment?: IToken[];
};

export interface OperationCstNode extends CstNode {
  name: "operation";
  children: OperationCstChildren;
}

export type OperationCstChildren = {
  operand: (OperandCstNode)[];
  Operator?: IToken[];
};

export interface OperandCstNode extends CstNode {
  name: "operand";
  children: OperandCstChildren;
}

export type OperandCstChildren = {
  prefix?: PrefixCstNode[];
  primary: PrimaryCstNode[];
  suffix?: SuffixCstNode[];
  cast?: CastCstNode[];
};

export interface PrefixCstNode extends CstNode {
  name: "prefix";
  children: PrefixCstChildren;
}

export type PrefixCstChildren = {
  mark?: (IToken)[];
};

export interface SuffixCstNode extends CstNode {
  name: "suffix";
  children: SuffixCstChildren;
}

export type SuffixCstChildren = {
  Dot?: IToken[];
  Name?: (IToken)[];
  OptionalDot?: IToken[];
  index?: IndexCstNode[];
  call?: CallCstNode[];
  Not?: IToken[];
  Step?: IToken[];
  Template?: IToken[];
  TypeBrackets?: IToken[];
};

export interface IndexCstNode extends CstNode {
  name: "index";
  children: IndexCstChildren;
}

export type IndexCstChildren = {
  LeftBracket: IToken[];
  items: ItemsCstNode[];
  RightBracket: IToken[];
};

export interface CallCstNode extends CstNode {
  name: "call";
  children: CallCstChildren;
}

export type CallCstChildren = {
  LeftParenthesis: IToken[];
  items: ItemsCstNode[];
  RightParenthesis: IToken[];
};

export interface CastCstNode extends CstNode {
  name: "cast";
  children: CastCstChildren;
}

export type CastCstChildren = {
  As: IToken[];
  type: TypeCstNode[];
};

export interface PrimaryCstNode extends CstNode {
  name: "primary";
  children: PrimaryCstChildren;
}

export type PrimaryCstChildren = {
  Identifier?: IToken[];
  StringText?: IToken[];
  Numeric?: IToken[];
  BooleanWord?: IToken[];
  array?: ArrayCstNode[];
  object?: ObjectCstNode[];
  parenthesised?: ParenthesisedCstNode[];
  Template?: IToken[];
  RegularExpression?: IToken[];
  Nothing?: IToken[];
  DynamicImport?: IToken[];
  Unreadable?: IToken[];
  functionExpression?: FunctionExpressionCstNode[];
  classExpression?: ClassExpressionCstNode[];
};

export interface ArrayCstNode extends CstNode {
  name: "array";
  children: ArrayCstChildren;
}

export type ArrayCstChildren = {
  LeftBracket: IToken[];
  items: ItemsCstNode[];
  RightBracket: IToken[];
};

export interface ParenthesisedCstNode extends CstNode {
  name: "parenthesised";
  children: ParenthesisedCstChildren;
}

export type ParenthesisedCstChildren = {
  LeftParenthesis: IToken[];
  items: ItemsCstNode[];
  RightParenthesis: IToken[];
};

export interface ItemsCstNode extends CstNode {
  name: "items";
  children: ItemsCstChildren;
}

export type ItemsCstChildren = {
  Comma?: IToken[];
  item?: ItemCstNode[];
  misplaced?: MisplacedCstNode[];
};

export interface ItemCstNode extends CstNode {
  name: "item";
  children: ItemCstChildren;
}

export type ItemCstChildren = {
  Spread?: IToken[];
  expression: ExpressionCstNode[];
};

export interface ObjectCstNode extends CstNode {
  name: "object";
  children: ObjectCstChildren;
}

export type ObjectCstChildren = {
  LeftBrace: IToken[];
  Comma?: IToken[];
  property?: PropertyCstNode[];
  spread?: SpreadCstNode[];
  misplaced?: MisplacedCstNode[];
  RightBrace: IToken[];
};

export interface SpreadCstNode extends CstNode {
  name: "spread";
  children: SpreadCstChildren;
}

export type SpreadCstChildren = {
  Spread: IToken[];
  expression: ExpressionCstNode[];
};

export interface PropertyCstNode extends CstNode {
  name: "property";
  children: PropertyCstChildren;
}

export type PropertyCstChildren = {
  Modifier?: IToken[];
  key: KeyCstNode[];
  Colon?: IToken[];
  value?: ExpressionCstNode[];
  method?: MethodCstNode[];
  Equals?: IToken[];
  default?: ExpressionCstNode[];
};

export interface KeyCstNode extends CstNode {
  name: "key";
  children: KeyCstChildren;
}

export type KeyCstChildren = {
  Name?: IToken[];
  StringText?: IToken[];
  Numeric?: IToken[];
  Template?: IToken[];
  Unreadable?: IToken[];
  computed?: ArrayCstNode[];
};

export interface MethodCstNode extends CstNode {
  name: "method";
  children: MethodCstChildren;
}

export type MethodCstChildren = {
  LeftParenthesis: IToken[];
  anything?: AnythingCstNode[];
  RightParenthesis: IToken[];
  annotation?: AnnotationCstNode[];
  block?: BlockCstNode[];
};

export interface FunctionExpressionCstNode extends CstNode {
  name: "functionExpression";
  children: FunctionExpressionCstChildren;
}

export type FunctionExpressionCstChildren = {
  FunctionWord: IToken[];
  Star?: IToken[];
  Name?: IToken[];
  TypeBrackets?: IToken[];
  group?: GroupCstNode[];
  annotation?: AnnotationCstNode[];
  block?: BlockCstNode[];
};

export interface ClassExpressionCstNode extends CstNode {
  name: "classExpression";
  children: ClassExpressionCstChildren;
}

export type ClassExpressionCstChildren = {
  ClassWord: IToken[];
  Name?: IToken[];
  TypeBrackets?: IToken[];
  Dot?: IToken[];
  block?: BlockCstNode[];
};

export interface BlockCstNode extends CstNode {
  name: "block";
  children: BlockCstChildren;
}

export type BlockCstChildren = {
  LeftBrace: IToken[];
  anything?: AnythingCstNode[];
  RightBrace: IToken[];
};

export interface GroupCstNode extends CstNode {
  name: "group";
  children: GroupCstChildren;
}

export type GroupCstChildren = {
  LeftParenthesis?: IToken[];
  LeftOfParameters?: IToken[];
  anything?: (AnythingCstNode)[];
  RightParenthesis?: IToken[];
  LeftBracket?: IToken[];
  RightBracket?: IToken[];
  block?: BlockCstNode[];
};

export interface AnythingCstNode extends CstNode {
  name: "anything";
  children: AnythingCstChildren;
}

export type AnythingCstChildren = {
  Anything?: IToken[];
  group?: GroupCstNode[];
};

export interface MisplacedCstNode extends CstNode {
  name: "misplaced";
  children: MisplacedCstChildren;
}

export type MisplacedCstChildren = {
  Misplaced?: IToken[];
  group?: GroupCstNode[];
};
