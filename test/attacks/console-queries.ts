/** What pages of a generous console would ask, every field of what they show: the limits are to leave room beyond them. */
export const CONSOLE_QUERIES: Readonly<Record<string, string>> = {
  'receipts with everything about them': `
    query Receipts($after: String, $filter: ReceiptFilter) {
      receipts(first: 50, after: $after, filter: $filter) {
        totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor }
        nodes {
          id kind origin status receivedOn reference secondReference conflict toDoInSage
          amount { ...money } unmatched { ...money }
          customer { id layerId name email telephone syncStatus }
          sageCompany { id name currency sageSiteId sageCompanyId isActive }
          sageAccount { id accountNumber name onHold isActive statusReason balance { ...money } overdue { ...money } freshness { asOf ageSeconds stale } }
          sageTransaction { id urn kind transactionDate dueDate archived queried gross { ...money } outstanding { ...money } push { ...push } }
          sageAllocations { urn allocatedOn amount { ...money } transaction { id urn kind reference } }
          possibleDoubles { id layerId reference paidOn amount { ...money } push { ...push } }
          matches { ...match }
          suggestions(first: 5) {
            token score confidence ambiguous reasonsFor reasonsAgainst
            allocations {
              amount { ...money }
              invoice {
                id layerId number issuedOn dueOn gross { ...money } paid { ...money } credited { ...money } outstanding { ...money }
                customer { id layerId name }
                subCompany { id layerId name }
              }
            }
          }
        }
      }
    }
    fragment money on Money { amount currency }
    fragment push on Push { id status urn attempts nextAttemptAt postedAt allocatedAt error { code message remedy } }
    fragment match on ReceiptMatch {
      id origin rule matchedAt matchedBy undoneAt undoneBy undoReason
      amount { ...money }
      invoice { id layerId number outstanding { ...money } }
      payment { id reference paidOn }
      push { ...push }
    }`,
  'an account with its ledger, its customer and their documents': `
    query Account($layerId: String!, $first: Int = 50) {
      customer(layerId: $layerId) {
        id layerId name email fax telephone website vatNumber syncStatus
        contacts { layerId firstName lastName email telephone inSage }
        invoices(first: $first) { nodes { id layerId number gross { ...money } outstanding { ...money } push { status } } }
        payments(first: $first) { nodes { id layerId reference amount { ...money } push { status } } }
        creditNotes(first: $first) { nodes { id layerId number gross { ...money } push { status } } }
        refunds(first: $first) { nodes { id layerId reference amount { ...money } push { status } } }
        sageAccounts {
          id accountNumber name sageCustomerId isActive onHold statusReason isOverCreditLimit
          sageCompany { id name currency }
          balance { ...money } projectedBalance { ...money } creditLimit { ...money } availableCredit { ...money }
          overdue { ...money } unallocatedCredit { ...money }
          byDue: agedDebt { label fromDays toDays amount { ...money } }
          byDate: agedDebt(basis: TRANSACTION_DATE) { label fromDays toDays amount { ...money } }
          freshness { asOf ageSeconds stale }
          transactions(first: 100) {
            totalCount
            pageInfo { hasNextPage endCursor }
            nodes {
              id urn kind reference secondReference transactionDate dueDate archived queried
              gross { ...money } net { ...money } tax { ...money } allocated { ...money } outstanding { ...money }
              allocations { urn allocatedOn amount { ...money } transaction { id urn kind reference transactionDate } }
              push { id kind status layerId }
            }
          }
        }
      }
    }
    fragment money on Money { amount currency }`,
  'pushes with their history and whatever document they are of': `
    query Pushes($filter: PushFilter) {
      pushes(first: 100, filter: $filter) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          id kind status layerId sageReference urn attempts createdAt updatedAt nextAttemptAt postedAt allocatedAt
          amount { ...money }
          customer { id layerId name }
          sageCompany { id name }
          error { code message remedy }
          history { at step outcome httpStatus durationMs }
          document {
            ... on Invoice { id layerId number issuedOn dueOn gross { ...money } lines { layerId description net { ...money } vat { ...money } nominalCode vatCode paid { ...money } } }
            ... on CreditNote { id layerId number issuedOn gross { ...money } lines { layerId description net { ...money } vat { ...money } } }
            ... on Payment { id paymentLayerId: layerId reference paidOn origin amount { ...money } }
            ... on Refund { id refundLayerId: layerId reference refundedOn amount { ...money } creditNote { id number } payment { id reference } }
            ... on Customer { id layerId name sageAccounts { id accountNumber } }
            ... on NominalCode { id code name accounts { sageCompany { id name } nominalAccount { reference costCentre department name } } }
            ... on ReceiptMatch { id matchedAt amount { ...money } invoice { id number } receipt { id reference } }
          }
        }
      }
    }
    fragment money on Money { amount currency }`,
  'the first page: state, causes, mappings': `
    query Home {
      viewer { subject instance scopes }
      sageConnection { state message signInUrl signInExpiresAt lastContactAt }
      syncStatus { resource state progress rowsRead message lastSucceededAt sageCompany { id name } }
      errorQueue {
        key code subject message remedy count blocked { amount currency }
        pushes(first: 5) { nodes { id layerId kind status customer { name } amount { amount currency } } }
      }
      mappingIssues { kind layerId message remedy blockedPushes blocked { amount currency } sageCompany { id name } }
      subCompanies { id layerId name isDefault sageCompany { id name } }
      paymentMethods { id layerId name banks { sageCompany { id name } bankAccount { id code name currency isActive } } }
      nominalCodes { id code name accounts { sageCompany { id name } nominalAccount { id reference costCentre department name isPosting isActive } } }
      vatCodes { id code name ratePercent taxCodes { sageCompany { id name } taxCode { id code name ratePercent isActive } } }
      sageCompanies { id name currency isActive sageSiteId sageCompanyId bankAccounts { id code name currency } taxCodes { id code name ratePercent } reportCategories { id code name } nominalAccounts(first: 100) { id reference costCentre department name isPosting } }
      auditTrail(first: 50) { nodes { id at who action summary reason subjectId } pageInfo { endCursor hasNextPage } }
    }`,
  'one node of whatever type, by its id': `
    query Node($id: ID!) {
      node(id: $id) {
        __typename
        id
        ... on Invoice { number lines { description net { amount } } payments { id } creditNotes { id } }
        ... on Receipt { reference status amount { amount currency } matches { id invoice { number } } }
        ... on Push { kind pushStatus: status error { code message remedy } history { at step outcome } }
        ... on SageAccount { accountNumber balance { amount currency } customer { name } }
        ... on Customer { name sageAccounts { accountNumber } }
      }
    }`,
};
