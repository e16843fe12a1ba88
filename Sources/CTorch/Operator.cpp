// SPDX-License-Identifier: Apache-2.0
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>

#include "Status.h"

struct ctorch_operator {
  c10::OperatorHandle handle;
};

using ctorch::guarded;

namespace {

/// A list of what the schema asks for; it has to carry the element type, even when it is empty.
c10::IValue list_of_tensors(const ctorch_value &value, const c10::TypePtr &element) {
  if (element->kind() == c10::TypeKind::OptionalType) {
    c10::List<std::optional<at::Tensor>> list;
    for (size_t i = 0; i < value.count; i++) {
      ctorch_tensor_ref tensor = value.tensors[i];
      list.push_back(tensor ? std::optional<at::Tensor>(tensor->value) : std::nullopt);
    }
    return list;
  }
  c10::List<at::Tensor> list;
  for (size_t i = 0; i < value.count; i++) list.push_back(value.tensors[i]->value);
  return list;
}

c10::IValue converted(const ctorch_value &value, c10::TypePtr type) {
  if (value.kind == CTORCH_NONE) return c10::IValue();
  if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
  auto list = type->cast<c10::ListType>();
  switch (value.kind) {
    case CTORCH_TENSOR: return value.tensor->value;
    case CTORCH_INT:
      if (type->kind() == c10::TypeKind::FloatType) return static_cast<double>(value.integer);
      return value.integer;
    case CTORCH_DOUBLE: return value.real;
    case CTORCH_BOOL: return value.boolean;
    case CTORCH_STRING: return std::string(value.string, value.count);
    case CTORCH_INTS: return c10::IValue(at::IntArrayRef(value.integers, value.count));
    case CTORCH_DOUBLES:
      if (list && list->getElementType()->kind() == c10::TypeKind::OptionalType) {
        c10::impl::GenericList scalars(list->getElementType());
        for (size_t i = 0; i < value.count; i++) scalars.push_back(value.reals[i]);
        return scalars;
      }
      return c10::IValue(at::ArrayRef<double>(value.reals, value.count));
    case CTORCH_TENSORS:
      TORCH_CHECK(list, "a list of tensors was given where ", type->str(), " is expected");
      return list_of_tensors(value, list->getElementType());
    default: TORCH_CHECK(false, "unknown kind of argument ", static_cast<int>(value.kind));
  }
}

ctorch_value owned(at::Tensor tensor) {
  ctorch_value value{};
  value.kind = tensor.defined() ? CTORCH_TENSOR : CTORCH_NONE;
  if (tensor.defined()) value.tensor = ctorch::retain(std::move(tensor));
  return value;
}

/// Appends what `value` holds to `results`; an operator returns tensors, lists of them, and scalars.
void append(const c10::IValue &value, std::vector<ctorch_value> &results) {
  ctorch_value result{};
  if (value.isTensor()) {
    result = owned(value.toTensor());
  } else if (value.isTensorList()) {
    for (const at::Tensor &tensor : value.toTensorVector()) results.push_back(owned(tensor));
    return;
  } else if (value.isInt()) {
    result.kind = CTORCH_INT;
    result.integer = value.toInt();
  } else if (value.isSymInt()) {
    result.kind = CTORCH_INT;
    result.integer = value.toSymInt().guard_int(__FILE__, __LINE__);
  } else if (value.isDouble()) {
    result.kind = CTORCH_DOUBLE;
    result.real = value.toDouble();
  } else if (value.isBool()) {
    result.kind = CTORCH_BOOL;
    result.boolean = value.toBool();
  } else if (value.isScalar()) {
    result.kind = CTORCH_DOUBLE;
    result.real = value.toScalar().toDouble();
  } else {
    TORCH_CHECK(value.isNone(), "a result of kind ", value.tagKind(), " cannot leave the engine");
  }
  results.push_back(result);
}

}  // namespace

ctorch_status ctorch_operator_find(
    const char *name, const char *overload, ctorch_operator_ref *result) {
  return guarded([&] {
    auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(handle, "this engine has no operator ", name, ".", overload);
    *result = new ctorch_operator{*handle};
  });
}

ctorch_status ctorch_operator_call(
    ctorch_operator_ref op, const ctorch_value *arguments, size_t argument_count,
    ctorch_value *results, size_t capacity, size_t *result_count) {
  return guarded([&] {
    const auto &schema = op->handle.schema();
    const auto &expected = schema.arguments();
    TORCH_CHECK(
        argument_count <= expected.size(), schema.name(), " takes at most ", expected.size(),
        " arguments, found ", argument_count);
    torch::jit::Stack stack;
    stack.reserve(expected.size());
    for (size_t i = 0; i < expected.size(); i++) {
      if (i < argument_count) {
        stack.push_back(converted(arguments[i], expected[i].type()));
      } else {
        const auto &fallback = expected[i].default_value();
        TORCH_CHECK(
            fallback, schema.name(), " needs its argument ", i + 1, ", '", expected[i].name(), "'");
        stack.push_back(*fallback);
      }
    }
    op->handle.callBoxed(&stack);

    std::vector<ctorch_value> found;
    for (const auto &value : stack) append(value, found);
    *result_count = found.size();
    if (found.size() > capacity) {
      for (const auto &value : found) {
        if (value.kind == CTORCH_TENSOR) ctorch_tensor_release(value.tensor);
      }
      TORCH_CHECK(false, schema.name(), " gave ", found.size(), " results, room for ", capacity);
    }
    std::copy(found.begin(), found.end(), results);
  });
}
